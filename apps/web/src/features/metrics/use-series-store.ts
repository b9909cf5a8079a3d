"use client";
import { useEffect, useRef } from "react";
import { type Client, useClient } from "urql";
import { useLiveConnection } from "@/lib/live-connection";
import { graphqlSource } from "./graphql-source";
import { SeriesStore } from "./series-store";

// One store for each GraphQL client: charts on a page then share requests, the subscription and the points themselves.
const stores = new WeakMap<Client, SeriesStore>();

function storeOf(client: Client): SeriesStore {
  let store = stores.get(client);
  if (!store) {
    store = new SeriesStore(graphqlSource(client));
    stores.set(client, store);
  }
  return store;
}

/** The page's series store, holding these series while the component is on screen. */
export function useSeriesStore(runs: string[], keys: string[]): SeriesStore {
  const store = storeOf(useClient());
  const runList = runs.join("\n");
  const keyList = keys.join("\n");
  useEffect(() => {
    if (runList === "" || keyList === "") return;
    return store.hold(runList.split("\n"), keyList.split("\n"));
  }, [store, runList, keyList]);

  const { state } = useLiveConnection();
  const wasBroken = useRef(false);
  useEffect(() => {
    if (state === "reconnecting") wasBroken.current = true;
    else if (state === "connected" && wasBroken.current) {
      wasBroken.current = false;
      store.resume();
    }
  }, [store, state]);
  return store;
}
