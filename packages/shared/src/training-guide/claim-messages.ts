import { type Speaker, speaker } from "../message/message.js";

export const claimMessages = {
  "guide.claim.deepest": "It is the deepest standard ResNet, with the highest accuracy of the family.",
  "guide.claim.deepestEvidence":
    "ResNet-152 is deeper: 60.2 million parameters, and half a point to one point more on ImageNet with the same recipe.",
  "guide.claim.size": "44.5 million parameters and 7.8 billion FLOPs.",
  "guide.claim.sizeEvidence":
    "Right: 44,549,160 parameters. The 7.8 billion are multiply-adds; counted as operations they are 15.6 billion.",
  "guide.claim.accuracy": "Expect 2 to 3 % more accuracy than ResNet-50 on medium datasets.",
  "guide.claim.accuracyEvidence":
    "With the same recipe +1.1 to +1.3 points on ImageNet, +0.5 to +1.4 on fine-grained classes; up to +3.1 only from much larger pre-training. The guide itself calls the gain marginal in another place.",
  "guide.claim.trainingTime": "Twice the training time of ResNet-50, four times that of ResNet-18.",
  "guide.claim.trainingTimeEvidence":
    "On GPUs 1.45 to 1.63 times ResNet-50 and 4.7 to 4.9 times ResNet-18; by multiply-adds {resnet50} and {resnet18}.",
  "guide.claim.inference": "Inference is 2 to 3 times faster than ViT-B/16.",
  "guide.claim.inferenceEvidence": "0.93 to 1.46 times on GPUs, 1.17 times on a CPU.",
  "guide.claim.vitLargeSlower": "ViT-L/16 answers more slowly than ResNet-101.",
  "guide.claim.vitLargeSlowerEvidence": "Right: 2.9 to 5.4 times as slowly.",
  "guide.claim.vitImages": "A vision transformer pays off above {images} images only.",
  "guide.claim.vitImagesEvidence":
    "What decides is pre-training. On 102 flowers with 2,040 images ViT-B/16 reaches 99.4 % from ImageNet-21k, ResNets 94 to 96 %; from ImageNet-1k it reaches 89.5 %.",
  "guide.claim.capacity": "Below 5,000 images it has too much capacity, below 2,000 it overfits.",
  "guide.claim.capacityEvidence":
    "Accuracy falls with the images of a class (4.5 a class: 51 %, 30 a class: 82 %), not with the size of the network. Look at the gap that is measured.",
  "guide.claim.veryLarge": "On very large datasets it may be 1 to 2 % behind transformers.",
  "guide.claim.veryLargeEvidence":
    "From ImageNet-21k 3 to 4 points: 81.9 % against 85.1 % (ViT-B/16) and 85.9 % (ViT-L/16). From ImageNet-1k alone it may be ahead.",
  "guide.claim.gpu": "A GPU of {gigabytes} GB is the minimum.",
  "guide.claim.gpuEvidence":
    "{architecture} at 224 px with its default batch of {batchSize} needs about {gigabytes} GB in training (estimate from its activations).",
  "guide.claim.cards": "An RTX 3090 or 4090 has 12 to 16 GB.",
  "guide.claim.cardsEvidence": "Both have 24 GB.",
  "guide.claim.cpu": "On a CPU a single epoch takes days.",
  "guide.claim.cpuEvidence":
    "True of plain JavaScript. A native kernel of 50 to 500 GFLOP/s takes 8 to 80 minutes for 5,000 images at 224 px.",
  "guide.claim.defaults": "A rate of 5e-5 and one epoch are the defaults.",
  "guide.claim.defaultsEvidence":
    "That under-trains: ResNet-50 on CIFAR-10 reaches 50.8 % after one such epoch, 85.2 % after three, about 97 % in the literature.",
  "guide.claim.birds": "30,000 bird images of 200 species: 78 to 84 % accuracy.",
  "guide.claim.birdsEvidence": "Plausible, on the low side: ResNet-50 at 448 px reaches 84.5 % with 6,000 images.",
  "guide.claim.cases": "Industrial defects 88 to 93 %, medical scans 89 to 94 %.",
  "guide.claim.casesEvidence":
    "No published result was found that could confirm or refute it: it depends on the images.",
} as const;

/** Says a claim of the guide, or what the evidence says to it. */
export const sayClaim: Speaker<typeof claimMessages> = speaker(claimMessages);
