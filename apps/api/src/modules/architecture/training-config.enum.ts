import { augmentations, optimizers } from "@residual/shared";
import { graphqlEnum } from "../../graphql-enum.js";

export const Optimizer = graphqlEnum("Optimizer", optimizers);
export type Optimizer = keyof typeof Optimizer;

export const Augmentation = graphqlEnum("Augmentation", augmentations);
export type Augmentation = keyof typeof Augmentation;
