import { existsSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import path from "node:path";
import { NativeError } from "./native-error.mjs";

/**
 * The package index that the user named: PIP_INDEX_URL, or pip's configuration files (the user's before the machine's). A name and
 * password in the address become a header, which only that host is sent. Throws a NativeError where none is named.
 */
export function indexAddress(environment = process.env) {
  const text = environment.PIP_INDEX_URL || configFiles(environment).map(indexIn).find(Boolean);
  if (!text) {
    throw new NativeError(
      "Say which Python package index to fetch from: set PIP_INDEX_URL to its address (it ends in /simple), or index-url in pip's configuration.",
    );
  }
  if (!URL.canParse(text)) {
    throw new NativeError(
      `The address of the package index reads "${text}"; correct PIP_INDEX_URL or pip's configuration.`,
    );
  }
  const url = new URL(text.endsWith("/") ? text : `${text}/`);
  const { username, password } = url;
  url.username = "";
  url.password = "";
  const credentials = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  return {
    url,
    headers: username ? { authorization: `Basic ${Buffer.from(credentials).toString("base64")}` } : {},
  };
}

function configFiles({ PIP_CONFIG_FILE, XDG_CONFIG_HOME }) {
  const home = homedir();
  return [
    ...(PIP_CONFIG_FILE ? [PIP_CONFIG_FILE] : []),
    path.join(XDG_CONFIG_HOME || path.join(home, ".config"), "pip", "pip.conf"),
    path.join(home, ".pip", "pip.conf"),
    "/etc/pip.conf",
  ];
}

function indexIn(file) {
  if (!existsSync(file)) return undefined;
  return /^\s*index[-_]url\s*[=:]\s*(\S+)/m.exec(readFileSync(file, "utf8"))?.[1];
}
