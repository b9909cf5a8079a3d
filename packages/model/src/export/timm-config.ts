import type { TrainedModel } from "./trained-model.js";

type Described = Pick<TrainedModel, "architecture" | "imageSize" | "classNames" | "preprocessing" | "values">;

/** The `config.json` from which timm builds the network (`local-dir:` or `hf-hub:`) and its transform. */
export function timmConfig({ architecture, imageSize, classNames, preprocessing, values }: Described) {
  const isResNet = architecture.family === "resnet";
  const classifier = isResNet ? "fc" : "head";
  const inputSize = [3, imageSize, imageSize];
  return {
    architecture: architecture.id,
    num_classes: classNames.length,
    num_features: values.get(`${classifier}.weight`)!.length / classNames.length,
    label_names: classNames,
    global_pool: isResNet ? "avg" : "token",
    ...(isResNet ? {} : { model_args: { img_size: imageSize } }),
    pretrained_cfg: {
      custom_load: false,
      input_size: inputSize,
      fixed_input_size: !isResNet,
      interpolation: preprocessing.interpolation,
      crop_pct: preprocessing.cropFraction,
      crop_mode: preprocessing.fit === "stretch" ? "squash" : "center",
      mean: preprocessing.mean,
      std: preprocessing.standardDeviation,
      num_classes: classNames.length,
      pool_size: isResNet ? [Math.ceil(imageSize / 32), Math.ceil(imageSize / 32)] : null,
      first_conv: isResNet ? "conv1" : "patch_embed.proj",
      classifier,
    },
  };
}

/** PIL's numbers of its filters. */
const filters = { bilinear: 2, bicubic: 3 } as const;

/** Hugging Face's `preprocessor_config.json`. */
export function preprocessorConfig({ imageSize, preprocessing }: Pick<TrainedModel, "imageSize" | "preprocessing">) {
  const shared = {
    do_resize: true,
    do_rescale: true,
    rescale_factor: 1 / 255,
    do_normalize: true,
    image_mean: preprocessing.mean,
    image_std: preprocessing.standardDeviation,
    resample: filters[preprocessing.interpolation],
  };
  return preprocessing.fit === "stretch"
    ? { image_processor_type: "ViTImageProcessor", ...shared, size: { height: imageSize, width: imageSize } }
    : {
        image_processor_type: "ConvNextImageProcessor",
        ...shared,
        size: { shortest_edge: imageSize },
        crop_pct: preprocessing.cropFraction,
      };
}
