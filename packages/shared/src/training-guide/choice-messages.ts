import { type Speaker, speaker } from "../message/message.js";

export const choiceMessages = {
  "guide.use.resnet18.quick":
    "A quick first answer, small datasets from 100 images on, or a model that must run on a CPU.",
  "guide.use.resnet18.limit": "On large or difficult datasets it stays behind the deeper networks.",
  "guide.use.resnet34.between":
    "Twice the depth of ResNet-18 from the same simple blocks: a step up where ResNet-18 under-fits and time is short.",
  "guide.use.resnet34.limit": "ResNet-50 costs 1.1 times its multiply-adds and usually has the better checkpoints.",
  "guide.use.resnet50.default":
    "The default: good accuracy at moderate cost from about 1,000 images on (it works from 500).",
  "guide.use.resnet50.limit":
    "Very fine distinctions may need more depth; test it against ResNet-101 on the same images.",
  "guide.use.resnet101.accuracy": "The most accuracy from a convolutional network where a transformer does not fit.",
  "guide.use.resnet101.large": "Datasets of 5,000 and more images, which can fill its capacity.",
  "guide.use.resnet101.fineGrained": "Complex or fine-grained classes that need deep features.",
  "guide.use.resnet101.production": "Production where the speed of a convolutional network counts.",
  "guide.use.resnet101.overfit": "Where transformers overfit but ResNet-50 is not enough.",
  "guide.use.resnet101.slower": "It trains longer and takes more memory than the lighter ResNets.",
  "guide.use.resnet101.smallData":
    "Below 5,000 images it has more capacity than the data can fill: it tends to overfit.",
  "guide.use.resnet101.diminishing": "In many cases it is only marginally better than ResNet-50.",
  "guide.use.resnet152.deepest": "The deepest standard ResNet, for large datasets where ResNet-101 still gains.",
  "guide.use.resnet152.limit":
    "1.5 times the multiply-adds of ResNet-101 for half to one percentage point on ImageNet with the same recipe.",
  "guide.use.vitTiny.small":
    "A transformer of half the size of ResNet-18: a quick look at whether attention helps on these images.",
  "guide.use.vitTiny.limit": "It relies on pre-training even more than its larger siblings.",
  "guide.use.vitSmall.middle": "About the size and cost of ResNet-50, with the transformer's view of the whole image.",
  "guide.use.vitSmall.limit": "Without pre-training ResNet-50 is the safer choice on small datasets.",
  "guide.use.vitBase.global":
    "Classes that depend on the whole image; with pre-training on ImageNet-21k strong on small datasets too.",
  "guide.use.vitBase.limit": "Without strong pre-training it needs many images (1,000 a class are suggested).",
  "guide.use.vitLarge.accuracy":
    "The highest accuracy on very large datasets (10,000 images at least, 50,000 and more to pay off).",
  "guide.use.vitLarge.limit": "By far the most expensive in memory, training time and inference.",
  "guide.choose.imagesAbove": "The dataset has more than {images} images.",
  "guide.choose.imagesBelow": "The dataset has fewer than {images} images.",
  "guide.choose.imagesBetween": "The dataset has {low} to {high} images.",
  "guide.choose.gpuAtLeast": "A GPU of {gigabytes} GB or more is there.",
  "guide.choose.gpuBelow": "GPU memory is below {gigabytes} GB.",
  "guide.choose.gpuLimited": "GPU memory is limited.",
  "guide.choose.maximumCnn": "The most accuracy is needed that a convolutional network gives.",
  "guide.choose.maximum": "Accuracy comes first, whatever it costs.",
  "guide.choose.fineGrained": "The classes are complex or fine-grained.",
  "guide.choose.standardTask": "The classes are easy to tell apart and good accuracy is enough.",
  "guide.choose.trainingTimeOk": "Twice the training time is acceptable.",
  "guide.choose.trainingSpeed": "Training must be quick.",
  "guide.choose.trainingTimeUncritical": "Training time does not matter.",
  "guide.choose.inferenceSpeed": "Inference must be fast, with a bound on latency.",
  "guide.choose.inferenceUncritical": "Slow inference is affordable.",
  "guide.choose.locality":
    "What tells the classes apart is local (textures, small parts), the strength of convolutions.",
  "guide.choose.globalContext": "What tells the classes apart is spread over the whole image.",
  "guide.choose.cost": "Cost counts.",
} as const;

export const sayChoice: Speaker<typeof choiceMessages> = speaker(choiceMessages);
