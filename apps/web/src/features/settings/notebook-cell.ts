/**
 * A Python cell that lists the runs of a project, with nothing but the standard library. The key is read from the environment or asked for, and
 * so never stands in a notebook that somebody shares.
 */
export function notebookCell(origin: string, project: string): string {
  return `import getpass, json, os, urllib.request

URL = ${JSON.stringify(`${origin}/graphql`)}
KEY = os.environ.get("RESIDUAL_API_KEY") or getpass.getpass("Residual API key: ")

def ask(query, **variables):
    body = json.dumps({"query": query, "variables": variables}).encode()
    headers = {"content-type": "application/json", "authorization": f"Bearer {KEY}"}
    with urllib.request.urlopen(urllib.request.Request(URL, body, headers)) as response:
        answer = json.load(response)
    if "errors" in answer:
        raise RuntimeError(answer["errors"][0]["message"])
    return answer["data"]

runs = ask("""
  query ($project: String!) {
    runs(project: $project, first: 50) {
      nodes { id name status architecture { name } bestEvaluation { epoch val { accuracy { estimate low high } } } }
    }
  }
""", project=${JSON.stringify(project)})["runs"]["nodes"]

for run in runs:
    best = run["bestEvaluation"]
    print(run["name"], run["status"], best and best["val"]["accuracy"])
`;
}
