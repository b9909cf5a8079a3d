import type { ShareTarget } from "@/features/share/share-target";

/**
 * A Python cell that reads the series of what a link shows into rows, with nothing but the standard library. Whoever has the cell has the link; its
 * password is asked for where it has one.
 */
export function shareNotebookCell(
  origin: string,
  target: ShareTarget,
  link: { path: string; shareLink: { id: string; hasPassword: boolean } },
): string {
  const secret = link.path.slice(link.path.indexOf("#") + 1);
  const { id, hasPassword } = link.shareLink;
  return `import csv, ${hasPassword ? "getpass, " : ""}io, json, urllib.request

URL = ${JSON.stringify(origin)}
LINK = {"id": ${JSON.stringify(id)}, "secret": ${JSON.stringify(secret)}${hasPassword ? ', "password": getpass.getpass("Password of the link: ")' : ""}}

def send(path, body=None, **headers):
    request = urllib.request.Request(URL + path, body, headers)
    with urllib.request.urlopen(request) as response:
        return response.read().decode()

opening = """
  mutation ($input: OpenShareLinkInput!) {
    openShareLink(input: $input) { token title }
  }
"""
variables = {"input": {**LINK, "asToken": True}}
answer = json.loads(send("/graphql", json.dumps({"query": opening, "variables": variables}).encode(), **{"content-type": "application/json"}))
if "errors" in answer:
    raise RuntimeError(answer["errors"][0]["message"])
view = answer["data"]["openShareLink"]

# run, name, key, step, time, value: a row a point. The address also serves .arrow and .parquet, and runs.csv with the settings.
series = send("/export/series.csv?${choiceOf(target)}", authorization=f"Bearer {view['token']}")
rows = list(csv.DictReader(io.StringIO(series)))
print(view["title"], len(rows), "points of", sorted({row["key"] for row in rows}))
`;
}

function choiceOf(target: ShareTarget): string {
  if (target.scope === "EXPERIMENT") return `experiment=${target.experiment}`;
  return (target.scope === "RUN" ? [target.run] : target.runs).map((run) => `run=${run}`).join("&");
}
