/** As much of it as the tests use: it has no types of its own. */
declare module "@20minutes/s3rver" {
  interface S3Request {
    readonly method: string;
    readonly query: Record<string, string | undefined>;
    status: number;
  }

  export default class S3rver {
    constructor(options: {
      port: number;
      address: string;
      silent: boolean;
      directory: string;
      configureBuckets: { name: string }[];
    });
    readonly store: { getResourcePath(bucket: string, key: string | undefined, resource: string): string };
    /** As Koa's. */
    readonly middleware: ((request: S3Request, next: () => Promise<void>) => Promise<void>)[];
    run(): Promise<{ port: number }>;
    close(): Promise<void>;
  }
}
