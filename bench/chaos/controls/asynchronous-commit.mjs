import pg from "pg";

// Lets Postgres answer a commit before it is in its log: what every connection asks for is turned into the opposite.
process.env.PGOPTIONS = "-c synchronous_commit=off";
const query = Reflect.get(pg.Client.prototype, "query");
const weaken = (text) => text.replace(/synchronous_commit\s*(=|TO)\s*on/gi, "synchronous_commit = off");
pg.Client.prototype.query = function withoutDurability(config, ...rest) {
  if (typeof config === "string") return query.call(this, weaken(config), ...rest);
  if (typeof config?.text === "string" && weaken(config.text) !== config.text)
    return query.call(this, { ...config, text: weaken(config.text) }, ...rest);
  return query.call(this, config, ...rest);
};
