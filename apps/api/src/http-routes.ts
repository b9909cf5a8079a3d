import type { ErrorRequestHandler, Express, Request, RequestHandler, Response } from "express";
import { checkPermission, type Permission } from "./allow.js";
import { answerHttpError } from "./answer-http-error.js";
import type { Context } from "./context.js";
import type { Log } from "./log.js";

/** Answers a request of a viewer whom the route lets in. What it throws is answered as GraphQL would, as JSON with a code. */
export type RouteHandler = (context: Context, request: Request, response: Response) => Promise<void>;

type Allowed = readonly [Permission, ...Permission[]];

/** The addresses of the server beside those of the WebSockets, each with who may use it. `check` throws where one was added in another way. */
export class HttpRoutes {
  readonly #declared = new Set<unknown>();
  /** Addresses (`/path`, or `POST /path`) with their permissions, for whoever wants to know. */
  readonly declared: { address: string; allow: Allowed }[] = [];

  constructor(
    private readonly web: Express,
    private readonly contextOf: (request: Request, response: Response) => Promise<Context>,
    private readonly log: Log,
  ) {}

  /** GET and HEAD of a path. `what`: as a refusal calls it. `refuse`: answers what it throws in another way than with JSON. */
  get(
    path: string,
    allow: Allowed,
    what: string,
    handler: RouteHandler,
    refuse: (response: Response, error: unknown, request: Request) => void = (response, error) =>
      answerHttpError(response, error, what, this.log),
  ): void {
    this.declared.push({ address: path, allow });
    this.#add(() => this.web.get(path, this.#guarded(allow, what, handler, refuse)));
  }

  post(path: string, allow: Allowed, what: string, handler: RouteHandler): void {
    this.#change("post", path, allow, what, handler);
  }

  patch(path: string, allow: Allowed, what: string, handler: RouteHandler): void {
    this.#change("patch", path, allow, what, handler);
  }

  delete(path: string, allow: Allowed, what: string, handler: RouteHandler): void {
    this.#change("delete", path, allow, what, handler);
  }

  /** PUBLIC. Without a context: it answers also where there is no database to ask who it is. */
  getOpen(path: string, handler: RequestHandler): void {
    this.declared.push({ address: path, allow: ["PUBLIC"] });
    this.#add(() => this.web.get(path, handler));
  }

  /** Everything below a path, by handlers that know themselves who may do what there: PUBLIC is all that can be declared of it here. */
  mount(path: string, allow: readonly ["PUBLIC"], ...handlers: RequestHandler[]): void {
    this.declared.push({ address: path, allow });
    this.#add(() => this.web.use(path, ...handlers));
  }

  /** What happens to every request, and answers none but to refuse it. */
  everywhere(handler: RequestHandler): void {
    this.#add(() => this.web.use(handler));
  }

  /** How the errors of all of them are answered. */
  onError(handler: ErrorRequestHandler): void {
    this.#add(() => this.web.use(handler));
  }

  /** Throws when the server has a route of which nobody said who may use it: no such server starts. */
  check(): void {
    for (const layer of this.web.router.stack)
      if (!this.#declared.has(layer))
        throw new Error(
          `The route ${layer.route?.path ?? layer.name} does not declare who may use it; add it through HttpRoutes`,
        );
  }

  /** As a mutation: what it needs, it needs in the project of each object that it loads. */
  #change(
    method: "post" | "patch" | "delete",
    path: string,
    allow: Allowed,
    what: string,
    handler: RouteHandler,
  ): void {
    this.declared.push({ address: `${method.toUpperCase()} ${path}`, allow });
    const refuse = (response: Response, error: unknown) => answerHttpError(response, error, what, this.log);
    const change: RouteHandler = (context, request, response) =>
      handler(Object.create(context, { needs: { value: allow } }) as Context, request, response);
    this.#add(() => this.web[method](path, this.#guarded(allow, what, change, refuse)));
  }

  #guarded(
    allow: Allowed,
    what: string,
    handler: RouteHandler,
    refuse: (response: Response, error: unknown, request: Request) => void,
  ): RequestHandler {
    return async (request, response) => {
      try {
        const context = await this.contextOf(request, response);
        checkPermission(context.viewer, allow, what);
        await handler(context, request, response);
      } catch (error) {
        refuse(response, error, request);
      }
    };
  }

  #add(register: () => unknown): void {
    const before = this.web.router.stack.length;
    register();
    for (const layer of this.web.router.stack.slice(before)) this.#declared.add(layer);
  }
}
