// Loaded before Next.js, which does not watch its parent: a dashboard whose `npm start` was killed must not stay behind.
process.once("disconnect", () => process.exit(0));
