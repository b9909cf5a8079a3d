import { expect, it } from "vitest";
import { signInToken } from "@/features/sign-in/sign-in-token";

it("finds the token in a link, a fragment, a bare token or a key, and in nothing else", () => {
  expect(signInToken("http://127.0.0.1:3000/sign-in#token=abc-DEF_123")).toBe("abc-DEF_123");
  expect(signInToken("#token=abc")).toBe("abc");
  expect(signInToken("  res_0123abcd ")).toBe("res_0123abcd");
  expect(signInToken("http://127.0.0.1:3000/sign-in")).toBeNull();
  expect(signInToken("")).toBeNull();
  expect(signInToken("two words")).toBeNull();
});
