"use client";
import { guideIssues } from "@residual/shared";
import { useSay } from "@/lib/say";

/** The guide's common problems, each with its solutions in the order to try. */
export function IssueList() {
  const say = useSay();
  return (
    <div className="grid gap-6 sm:grid-cols-2 xl:grid-cols-4">
      {guideIssues.map((issue) => (
        <article key={issue.id} className="border-l pl-4">
          <h3 className="font-semibold">{say(issue.name)}</h3>
          <p className="mb-1 text-ink-2">{say(issue.problem)}</p>
          <ol className="list-decimal pl-4">
            {issue.solutions.map(({ message }) => (
              <li key={message.key}>{say(message)}</li>
            ))}
          </ol>
        </article>
      ))}
    </div>
  );
}
