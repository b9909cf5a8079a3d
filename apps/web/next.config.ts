import type { NextConfig } from "next";
import createNextIntlPlugin from "next-intl/plugin";

const withNextIntl = createNextIntlPlugin();

/**
 * Scripts and data come from here only, and no page can be put into a frame. Next writes what it streams, and the theme, as inline scripts;
 * a nonce for them would make every page wait for the server, so that they stay allowed: the rest of the policy is what holds.
 */
const contentSecurityPolicy = [
  "default-src 'self'",
  "script-src 'self' 'unsafe-inline'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data: blob:",
  "object-src 'none'",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'none'",
].join("; ");

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
        { key: "X-Frame-Options", value: "DENY" },
        { key: "Content-Security-Policy", value: contentSecurityPolicy },
      ],
    },
  ],
};

export default withNextIntl(config);
