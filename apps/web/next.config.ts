import type { NextConfig } from "next";
import createNextIntlPlugin from "next-intl/plugin";

const withNextIntl = createNextIntlPlugin();

const config: NextConfig = {
  reactStrictMode: true,
  poweredByHeader: false,
  devIndicators: false,
  // Only what is used of these two goes to the browser, though both have one door.
  experimental: { optimizePackageImports: ["@residual/shared", "radix-ui"] },
  // Secrets of sign-in and share links live in the fragment; still, no page tells another site where its reader came from.
  headers: async () => [
    {
      source: "/:path*",
      headers: [
        { key: "Referrer-Policy", value: "no-referrer" },
        { key: "X-Content-Type-Options", value: "nosniff" },
      ],
    },
    // Which sites may frame an embedded view, its policy says: this header knows all or none.
    { source: "/((?!embed/).*)", headers: [{ key: "X-Frame-Options", value: "DENY" }] },
  ],
};

export default withNextIntl(config);
