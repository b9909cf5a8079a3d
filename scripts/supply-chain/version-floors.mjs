/** Versions below which a package has a published weakness that would reach our users, and which one. Add a line with every advisory. */
export const versionFloors = {
  next: [
    "16.3.8",
    "image SSRF, cache poisoning and leaks of cached pages; earlier: middleware bypass, code execution by RSC",
  ],
  react: ["19.2.6", "code execution and denial of service by server components"],
  "react-dom": ["19.2.6", "as react"],
  "@apollo/server": ["5.5.0", "cross-site request forgery by content types that count as simple"],
  graphql: ["16.15.0", "denial of service by validation; 17 is no peer of Apollo and type-graphql"],
  ws: ["8.17.1", "a request with many headers ended the process"],
  typeorm: ["1.1.1", "SQL injection by where objects"],
  express: ["5.1.0", "denial of service by path patterns"],
  "body-parser": ["2.2.1", "denial of service by URL-encoded bodies"],
  pg: ["8.23.0", "statements cut in the middle by a lost connection"],
};

/** Packages that must not come in, and what to use instead. */
export const banned = {
  multer: "Uploads are streams of their own; multer was taken down by a request four times in a year.",
  "graphql-playground-html": "Loads scripts from elsewhere.",
};
