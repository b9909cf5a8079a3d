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

export function describeArchitecture(id: ArchitectureId): Architecture {
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
