import { createHash } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:http";
import { deflateRawSync } from "node:zlib";

const tag = "manylinux_2_27_x86_64";

/** A zip file of `{ name, text, claimedBytes }`, as a wheel is one. */
function zip(entries) {
  const bodies = [];
  const directory = [];
  let offset = 0;
  for (const { name, text, claimedBytes } of entries) {
    const packed = deflateRawSync(text);
    const local = Buffer.alloc(30);
    local.writeUInt32LE(0x04034b50, 0);
    local.writeUInt16LE(8, 8);
    local.writeUInt16LE(name.length, 26);
    // An extra field that the directory does not have.
    local.writeUInt16LE(4, 28);
    const central = Buffer.alloc(46);
    central.writeUInt32LE(0x02014b50, 0);
    central.writeUInt16LE(8, 10);
    central.writeUInt32LE(packed.length, 20);
    central.writeUInt32LE(claimedBytes ?? Buffer.byteLength(text), 24);
    central.writeUInt16LE(name.length, 28);
    central.writeUInt32LE(offset, 42);
    bodies.push(local, Buffer.from(name), Buffer.alloc(4), packed);
    directory.push(central, Buffer.from(name));
    offset += 34 + name.length + packed.length;
  }
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt32LE(Buffer.concat(directory).length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...bodies, ...directory, end]);
}

function wheel(project, version, entries) {
  const content = zip(entries);
  const filename = `${project.replaceAll("-", "_")}-${version}-py3-none-${tag}.whl`;
  return { project, filename, content, sha256: createHash("sha256").update(content).digest("hex") };
}

const tensorFlowEntries = (requirements) => [
  { name: "tensorflow/libtensorflow_cc.so.2", text: "core ".repeat(2000) },
  { name: "tensorflow/libtensorflow_framework.so.2", text: "framework" },
  { name: "tensorflow/THIRD_PARTY_NOTICES.txt", text: "thanks" },
  { name: "tensorflow/python.py", text: "print()".repeat(500) },
  { name: "tensorflow-2.21.0.dist-info/METADATA", text: `Name: tensorflow\n${requirements.join("\n")}\n` },
];

/** What `--cpu` needs. */
export const cpuWheel = () => wheel("tensorflow-cpu", "2.21.0", tensorFlowEntries([]));

/** What `--cuda` needs: TensorFlow's wheel and three releases of a library of which one fits; `entry` is the library's name. */
export function cudaWheels({ entry = "nvidia/cublas/lib/libcublas.so.12", libraries = 1, claimedBytes } = {}) {
  const requirements = [
    "Requires-Dist: unrelated>=1.0",
    'Requires-Dist: nvidia-cublas-cu12<13.0,>=12.5.3.2; extra == "and-cuda"',
  ];
  const cublas = (version) => {
    const entries = Array.from({ length: libraries }, (_, number) => ({
      name: number === 0 ? entry : `nvidia/cublas/lib/lib${number}.so`,
      text: `cublas ${version.slice(0, 4)}`,
      claimedBytes,
    }));
    return wheel("nvidia-cublas-cu12", version, entries);
  };
  return [
    wheel("tensorflow", "2.21.0", tensorFlowEntries(requirements)),
    ...["12.9.1", "12.10.0rc1", "13.0.0", "12.4.0"].map(cublas),
  ];
}

/**
 * Serves the wheels on 127.0.0.1 as a package index: JSON or links, with range requests. `breaks` downloads are cut off by the
 * server after 300 bytes. Records each request's `url` and `range`.
 */
export async function startIndex(wheels, { html = false, breaks = 0, password } = {}) {
  const requests = [];
  let remainingBreaks = breaks;
  const server = createServer((request, response) => {
    const { range, authorization } = request.headers;
    requests.push({ url: request.url, range });
    if (password && authorization !== `Basic ${Buffer.from(`user:${password}`).toString("base64")}`) {
      response.writeHead(401).end();
      return;
    }
    const file = wheels.find(({ filename }) => request.url === `/files/${filename}`);
    if (file) {
      const isWhole = !/^bytes=\d+-\d+$/.test(range ?? "");
      sendFile(response, file.content, range, isWhole && remainingBreaks-- > 0);
    } else {
      sendProject(response, request.url.split("/")[2], wheels, html);
    }
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${server.address().port}/simple`,
    requests,
    close: () => {
      server.closeAllConnections();
      server.close();
      return once(server, "close");
    },
  };
}

function sendProject(response, project, wheels, html) {
  const files = wheels.filter((candidate) => candidate.project === project);
  if (files.length === 0) {
    response.writeHead(404).end();
  } else if (html) {
    const links = files.map(
      ({ filename, sha256 }) => `<a href="../../files/${filename}#sha256=${sha256}">${filename}</a><br>`,
    );
    response.writeHead(200, { "content-type": "text/html" }).end(`<html><body>${links.join("\n")}</body></html>`);
  } else {
    const listed = files.map(({ filename, sha256 }) => ({
      filename,
      url: `../../files/${filename}`,
      hashes: { sha256 },
    }));
    response
      .writeHead(200, { "content-type": "application/vnd.pypi.simple.v1+json" })
      .end(JSON.stringify({ files: listed }));
  }
}

function sendFile(response, content, range, isCutOff) {
  const [, from, to] = /^bytes=(\d+)-(\d*)$/.exec(range ?? "") ?? [];
  const start = Number(from ?? 0);
  const end = to ? Number(to) + 1 : content.length;
  const headers = from === undefined ? {} : { "content-range": `bytes ${start}-${end - 1}/${content.length}` };
  response.writeHead(from === undefined ? 200 : 206, { ...headers, "content-length": end - start });
  if (isCutOff) {
    response.write(content.subarray(start, start + 300), () => response.destroy());
  } else {
    response.end(content.subarray(start, end));
  }
}
