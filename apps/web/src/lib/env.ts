/** Where the API listens. The one reader of process.env in the dashboard; the port is read by `next start` itself. */
export function apiUrl(): string {
  return process.env.API_URL ?? "http://127.0.0.1:4000";
}
