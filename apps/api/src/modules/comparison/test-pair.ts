import { type GroupTest, type StandingRun, testGroups } from "@residual/shared";

/** One run against another by what their data allow; null where one of the two has no evaluation. */
export function testPair(run: StandingRun, baseline: StandingRun): GroupTest | null {
  const [group, other] = [run, baseline].map((stand) => ({
    key: stand.run.id,
    name: stand.run.name,
    members: [stand],
  }));
  return testGroups([group!, other!], other!)[0] ?? null;
}
