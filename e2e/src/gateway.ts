import { connect, createServer, type Server, type Socket } from "node:net";

/** A door on a port of its own to a server on `targetPort`, to be closed and opened as a network or a database comes and goes. */
export class Gateway {
  #server: Server | undefined;
  readonly #sockets = new Set<Socket>();

  private constructor(
    readonly port: number,
    private readonly targetPort: number,
  ) {}

  /** A closed one: nothing listens on its port. */
  static async reserve(targetPort: number): Promise<Gateway> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as { port: number };
    await new Promise((resolve) => server.close(resolve));
    return new Gateway(port, targetPort);
  }

  async open(): Promise<void> {
    this.#server = createServer((inside) => {
      const outside = connect(this.targetPort, "127.0.0.1");
      for (const [from, to] of [
        [inside, outside],
        [outside, inside],
      ] as const) {
        this.#sockets.add(from);
        from.pipe(to);
        from.on("error", () => to.destroy());
        from.on("close", () => {
          this.#sockets.delete(from);
          to.destroy();
        });
      }
    });
    await new Promise<void>((resolve) => this.#server!.listen(this.port, "127.0.0.1", resolve));
  }

  /** Cuts every connection; new ones are refused. */
  async close(): Promise<void> {
    const closed = new Promise((resolve) => this.#server?.close(resolve));
    for (const socket of this.#sockets) socket.destroy();
    if (this.#server) await closed;
    this.#server = undefined;
  }
}
