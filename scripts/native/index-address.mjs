import { existsSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import path from "node:path";
import { NativeError } from "./native-error.mjs";

/** The one index that is asked where the user's pip is not configured otherwise. */
export const defaultIndexHost = ["pypi", "org"].join(".");

/**
 * The package index that the user's pip would ask: PIP_INDEX_URL, pip's configuration files (the user's before the machine's), or
 * the public one. A name and password in the address become a header, which only that host is sent.
 */
export function indexAddress(environment = process.env) {
  const configured = environment.PIP_INDEX_URL || configFiles(environment).map(indexIn).find(Boolean);
  const text = configured ?? `https://${defaultIndexHost}/simple`;
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
