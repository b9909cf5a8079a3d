"use client";
import { type RefObject, useCallback, useEffect, useMemo, useRef, useState } from "react";
import { type Scene, SceneBuilder, type SceneSetup } from "./chart-scene";
import { keyOf } from "./run-keys";
import type { SeriesStore } from "./series-store";

export interface ScenePicture {
  scene: Scene;
  /** What stands where lines would be: nothing yet asked, nothing logged, or an answer that did not come. */
  status: "loading" | "ready" | "empty" | "failed";
}

const empty: Scene = { lines: [], gap: null, x: [0, 1], y: [0, 1] };

/** How often text about a chart (summary, table) follows its points; the canvas follows each of them. */
const textEveryMs = 1000;

/**
 * A chart's scene, built anew in the animation frame after points or the view change. `latest` is what to draw, `onFrame` is called
 * to draw it; the returned picture is the same for React, at most once a second while points stream in.
 */
export function useScene(
  store: SeriesStore,
  setup: SceneSetup,
  onFrame: () => void,
): { latest: RefObject<Scene>; picture: ScenePicture } {
  const latest = useRef<Scene>(empty);
  const [picture, setPicture] = useState<ScenePicture>({ scene: empty, status: "loading" });
  const draw = useRef(onFrame);
  draw.current = onFrame;
  const frame = useRef(0);
  const schedule = useRef(() => {});
  const builder = useMemo(() => new SceneBuilder(store, () => schedule.current()), [store]);
  const text = useRef({ shownAt: Number.NEGATIVE_INFINITY, lines: -1, status: "", timer: 0 });

  const show = useCallback(() => {
    const status = statusOf(store, setup, latest.current);
    const now = performance.now();
    const state = text.current;
    const isNew = state.lines !== latest.current.lines.length || state.status !== status;
    if (!isNew && now - state.shownAt < textEveryMs) {
      state.timer ||= window.setTimeout(() => {
        state.timer = 0;
        show();
      }, textEveryMs);
      return;
    }
    Object.assign(state, { shownAt: now, lines: latest.current.lines.length, status });
    setPicture({ scene: latest.current, status });
  }, [store, setup]);

  useEffect(() => {
    builder.configure(setup);
    text.current.shownAt = Number.NEGATIVE_INFINITY;
    schedule.current = () => {
      frame.current ||= requestAnimationFrame(() => {
        frame.current = 0;
        latest.current = builder.build();
        draw.current();
        show();
      });
    };
    schedule.current();
    const state = text.current;
    const unsubscribe = store.subscribe(() => schedule.current());
    return () => {
      unsubscribe();
      cancelAnimationFrame(frame.current);
      clearTimeout(state.timer);
      frame.current = 0;
      state.timer = 0;
    };
  }, [builder, store, setup, show]);

  return { latest, picture };
}

function statusOf(store: SeriesStore, setup: SceneSetup, scene: Scene): ScenePicture["status"] {
  if (scene.lines.length > 0) return "ready";
  const states = setup.runs.flatMap((run) => setup.lines.map((line) => store.state(run.id, keyOf(run, line))));
  if (states.includes("failed")) return "failed";
  return states.includes("loading") ? "loading" : "empty";
}
