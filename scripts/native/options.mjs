import { parseArgs } from "node:util";
import { NativeError } from "./native-error.mjs";

export const help = `npm run native -- [options]

  Fetches TensorFlow's library once into your cache, so that training runs as fast as Python.
  Needs no Python and no compiler: the library is taken out of the wheel of the Python package index.
  Says what it will fetch and where to before it starts. An interrupted download goes on where it stopped.

  --cpu           for the processor (also where an NVIDIA driver is seen)
  --cuda          for an NVIDIA GPU, with NVIDIA's CUDA libraries beside it
  --remove        delete what was fetched
  --help          this text

  PIP_INDEX_URL   address of the Python package index, ending in /simple (also read from pip's configuration)
  XDG_CACHE_HOME  where the cache is (default: ~/.cache)

  Node 24 heeds HTTPS_PROXY when NODE_USE_ENV_PROXY=1 is set; NODE_EXTRA_CA_CERTS names your proxy's certificate.
`;

const flags = ["cpu", "cuda", "remove", "help"];

/** Parses the command line. Throws a NativeError with the mistake and the help. */
export function readOptions(argv) {
  let values;
  try {
    ({ values } = parseArgs({
      args: argv,
      options: Object.fromEntries(flags.map((flag) => [flag, { type: "boolean", default: false }])),
    }));
  } catch (error) {
    throw new NativeError(`${error.message}\n\n${help}`);
  }
  if (values.cpu && values.cuda) throw new NativeError(`--cpu and --cuda exclude each other.\n\n${help}`);
  return values;
}
