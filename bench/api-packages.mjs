import { createRequire } from "node:module";

/** Packages in the versions that the API uses: what is measured is not to be installed twice. */
export const apiPackages = createRequire(new URL("../apps/api/package.json", import.meta.url));
