import type DataLoader from "dataloader";
import type { Context } from "./context.js";

export type LoaderFactory<K, V> = (context: Context) => DataLoader<K, V>;

/** The DataLoaders of one operation, made when first asked for: each module brings its own factories. */
export class Loaders {
  readonly #made = new Map<unknown, unknown>();

  get<K, V>(factory: LoaderFactory<K, V>, context: Context): DataLoader<K, V> {
    const made = this.#made.get(factory) as DataLoader<K, V> | undefined;
    if (made) return made;
    const loader = factory(context);
    this.#made.set(factory, loader);
    return loader;
  }
}
