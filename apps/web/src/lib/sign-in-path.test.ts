import { describe, expect, it } from "vitest";
import { isPublicPath, safeReturnPath } from "@/lib/sign-in-path";

describe("the path after signing in", () => {
  it("is a path of this site or the start page: nobody is led elsewhere by a link", () => {
    expect(safeReturnPath("/runs/run_1?tab=metrics")).toBe("/runs/run_1?tab=metrics");
    for (const path of [
      null,
      "",
      "runs",
      "//evil.example",
      "/\\evil.example",
      "https://evil.example",
      "/a b",
      "/sign-in?x",
    ]) {
      expect(safeReturnPath(path)).toBe("/");
    }
  });

  it("is asked for on no page that works without a session", () => {
    expect(isPublicPath("/s/lnk_1")).toBe(true);
    expect(isPublicPath("/sign-in")).toBe(true);
    expect(isPublicPath("/settings")).toBe(false);
  });
});
