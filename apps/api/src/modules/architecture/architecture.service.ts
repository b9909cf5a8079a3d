import {
  architectureFacts,
  architectureIds,
  isArchitectureId,
  multiplyAdds,
  parameterCount,
  trainingBounds,
} from "@residual/shared";
import type { Architecture } from "./architecture.type.js";
import type { ArchitectureId } from "./architecture-id.js";

const publishedClasses = 1_000;

const described = new Map<ArchitectureId, Architecture>();

/** What never changes of an architecture; worked out once, since every row of a list of runs shows it. */
export function describeArchitecture(id: ArchitectureId): Architecture {
  const known = described.get(id) ?? workOut(id);
  described.set(id, known);
  return known;
}

function workOut(id: ArchitectureId): Architecture {
  const { name, family, layers } = architectureFacts(id);
  const bounds = trainingBounds(id);
  const defaultImageSize = bounds.imageSize.default;
  return {
    id,
    name,
    family,
    layers,
    defaultImageSize,
    bounds,
    parameters: parameterCount(id, publishedClasses, defaultImageSize),
    macs: multiplyAdds(id, publishedClasses, defaultImageSize),
  };
}

export function listArchitectures(): Architecture[] {
  return architectureIds.map(describeArchitecture);
}

/** For a stored id, which may be null or of an architecture that a later version dropped. */
export function architectureOrNull(id: string | null): Architecture | null {
  return id !== null && isArchitectureId(id) ? describeArchitecture(id) : null;
}
