import { describe, expect, it } from "vitest";
import {
  decimalsFor,
  spokenBytes,
  spokenCompact,
  spokenDuration,
  spokenEstimate,
  spokenMoney,
  spokenNumber,
  spokenPercent,
  spokenPoints,
  spokenRelative,
} from "@/lib/format";

describe("numbers with their uncertainty", () => {
  it("show no more digits than the interval bears", () => {
    expect(decimalsFor(0.24)).toBe(2);
    expect(decimalsFor(1.8)).toBe(1);
    expect(decimalsFor(12)).toBe(0);
    expect(spokenPercent("en", { estimate: 0.9137, low: 0.8957, high: 0.9317 })).toMatchObject({
      value: "91.4 %",
      plusMinus: "1.8",
    });
    expect(spokenPercent("en", { estimate: 0.5, low: 0.32, high: 0.68 })).toMatchObject({
      value: "50 %",
      plusMinus: "18",
    });
  });

  it("take the wider side of an uneven interval, so that ± never promises too much", () => {
    expect(spokenPercent("en", { estimate: 0.98, low: 0.93, high: 0.99 })?.plusMinus).toBe("5.0");
  });

  it("speak the reader's language", () => {
    expect(spokenPercent("de", { estimate: 0.9137, low: 0.8957, high: 0.9317 })?.value).toBe("91,4 %");
    expect(spokenPoints("de", { estimate: -0.004, low: -0.021, high: 0.013 }, "Pp.")).toMatchObject({
      value: "−0,4 Pp.",
      range: "−2,1 … +1,3",
    });
  });

  it("say nothing where there is no number", () => {
    expect(spokenPercent("en", { estimate: "NaN" })).toBeNull();
    expect(spokenPercent("en", { estimate: 0.5 })).toMatchObject({ value: "50.0 %", plusMinus: null, range: null });
  });
});

describe("sizes and times", () => {
  it("are said in two units, estimates in one", () => {
    expect(spokenDuration("en", 4.26)).toBe("4.3 s");
    expect(spokenDuration("en", 185)).toBe("3 min 5 s");
    expect(spokenDuration("en", 3600)).toBe("1 h");
    expect(spokenDuration("de", 90_000)).toBe("1 T 1 h");
    expect(spokenEstimate("en", 93)).toBe("2 min");
    expect(spokenEstimate("en", 80)).toBe("80 s");
    expect(spokenEstimate("en", 0.2)).toBe("1 s");
  });

  it("are short where they are large", () => {
    expect(spokenCompact("en", 25_557_032)).toBe("25.6 M");
    expect(spokenCompact("en", 999)).toBe("999");
    expect(spokenBytes("en", 1_530_000)).toBe("1.46 MiB");
    expect(spokenBytes("en", 0)).toBe("0 B");
  });

  it("are said in the money of a place, cents and less with what they mean", () => {
    expect(spokenMoney("en", { amount: 1.2, currency: "EUR" })).toBe("€1.20");
    expect(spokenMoney("de", { amount: 1234.5, currency: "EUR" })).toBe("1.234,50\u00a0€");
    expect(spokenMoney("en", { amount: 0.00123, currency: "USD" })).toBe("$0.0012");
    expect(spokenMoney("en", { amount: 0, currency: "USD" })).toBe("$0.00");
  });

  it("show what is not finite as what it is", () => {
    expect(spokenNumber("en", "Infinity")).toBe("∞");
    expect(spokenNumber("en", "NaN")).toBe("NaN");
    expect(spokenNumber("en", 0.00001236)).toBe("1.236e-5");
  });

  it("are said relative to now", () => {
    expect(spokenRelative("en", 0, 180_000)).toBe("3 minutes ago");
    expect(spokenRelative("de", 0, 86_400_000)).toBe("gestern");
  });
});
