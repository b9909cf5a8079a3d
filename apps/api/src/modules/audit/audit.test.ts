import "reflect-metadata";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startTestServer, type TestServer } from "../../test-server.js";

let server: TestServer;
let operator: Record<string, string>;
beforeAll(async () => {
  server = await startTestServer();
  operator = await server.signIn();
  await server.ask('mutation { createProject(input: { slug: "p", name: "P" }) { id } }', {}, operator);
});
afterAll(() => server.close());

const logOf = async (project: string | null, headers = operator) =>
  server.ask(
    "query ($p: String) { auditLog(project: $p) { nodes { action actorName actorKind objectIds } } }",
    { p: project },
    headers,
  );

describe("the audit log", () => {
  test("says who changed what in a project, and holds no secret", async () => {
    const { data } = await server.ask(
      'mutation { createInvite(input: { project: "p", role: VIEWER, label: "for Ada" }) { id path } }',
      {},
      operator,
    );
    const { id, path } = data.createInvite;
    const { nodes } = (await logOf("p")).data.auditLog;
    expect(nodes[0]).toMatchObject({ action: "createInvite", actorName: "Owner", actorKind: "OWNER" });
    expect(nodes[0].objectIds).toContain(id);
    const { rows } = await server.database.pool.query("SELECT audit_event::text AS entry FROM audit_event");
    const text = rows.map(({ entry }) => entry).join("\n");
    for (const secret of [path.split("#")[1], server.app.env.RESIDUAL_OWNER_TOKEN!]) expect(text).not.toContain(secret);
    expect(text).toContain("signIn");
  });

  test("is not told of what was refused", async () => {
    const before = (await logOf(null)).data.auditLog.nodes.length;
    await server.ask('mutation { createInvite(input: { project: "none", role: VIEWER }) { id } }', {}, operator);
    expect((await logOf(null)).data.auditLog.nodes).toHaveLength(before);
  });

  test.each(["UPDATE audit_event SET actor_name = 'Eve'", "DELETE FROM audit_event", "TRUNCATE audit_event"])(
    "refuses %s",
    async (statement) => {
      await expect(server.database.pool.query(statement)).rejects.toThrow("only ever added to");
    },
  );

  test("is for members: neither for viewers of the project, nor without a project for anybody but who runs the server", async () => {
    const person = async (role: string) => {
      const { createInvite } = (
        await server.ask(`mutation { createInvite(input: { project: "p", role: ${role} }) { id path } }`, {}, operator)
      ).data;
      const input = { id: createInvite.id, secret: createInvite.path.split("#")[1], name: role };
      const response = await server.send(
        "mutation ($i: AcceptInviteInput!) { acceptInvite(input: $i) { id } }",
        { i: input },
        {},
      );
      return { cookie: response.headers.getSetCookie()[0]!.split(";")[0]! };
    };
    const [viewer, member] = [await person("VIEWER"), await person("MEMBER")];
    expect((await logOf("p", member)).data.auditLog.nodes[0].action).toBe("acceptInvite");
    expect((await logOf("p", viewer)).errors?.[0]?.extensions.code).toBe("FORBIDDEN");
    expect((await logOf(null, member)).errors?.[0]?.extensions.code).toBe("FORBIDDEN");
  });
});
