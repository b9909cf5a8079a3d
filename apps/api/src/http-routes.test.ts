import express from "express";
import { expect, test } from "vitest";
import { HttpRoutes } from "./http-routes.js";

const routesOf = (web: express.Express) =>
  new HttpRoutes(
    web,
    () => Promise.reject(new Error("not asked")),
    () => {},
  );

test("a server starts with routes that say who may use them", () => {
  const web = express();
  const routes = routesOf(web);
  routes.everywhere((_request, _response, next) => next());
  routes.get("/healthz", ["PUBLIC"], "The health", async () => {});
  routes.mount("/graphql", ["PUBLIC"], (_request, _response, next) => next());
  expect(() => routes.check()).not.toThrow();
});

test.each([
  ["a path", (web: express.Express) => web.get("/debug", () => {}), "The route /debug does not declare"],
  ["a whole tree", (web: express.Express) => web.use("/admin", express.Router()), "does not declare who may use it"],
  ["another method", (web: express.Express) => web.post("/jobs", () => {}), "The route /jobs does not declare"],
])("and not with %s that says nothing", (_, add, message) => {
  const web = express();
  const routes = routesOf(web);
  routes.get("/healthz", ["PUBLIC"], "The health", async () => {});
  add(web);
  expect(() => routes.check()).toThrow(message);
});
