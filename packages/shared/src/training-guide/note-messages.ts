import { type Speaker, speaker } from "../message/message.js";

export const noteMessages = {
  "guide.note.belowMinimum":
    "{images} images are below the {minimum} that {architecture} asks for: overfitting is likely. A smaller network is the safer choice.",
  "guide.note.small":
    "{images} images are a small dataset for {architecture}: use it with care, augment heavily and watch the gap. ResNet-50 may do as well.",
  "guide.note.smallOther": "{images} images are a small dataset for {architecture}: augment heavily and watch the gap.",
  "guide.note.medium": "{images} images suit {architecture} well.",
  "guide.note.large": "{images} images: {architecture} can use its capacity. Light augmentation is enough.",
  "guide.note.veryLarge":
    "{images} images are a very large dataset: for the highest accuracy compare with ViT-L/16 as well; {architecture} stays the faster one.",
  "guide.note.veryLargeVitLarge": "{images} images are a very large dataset, what {architecture} is made for.",
  "guide.note.images": "At least {minimum} images, better {optimal} or more.",
  "guide.note.imagesPerClass":
    "What counts is images per class. Published for ResNet-50 on 200 bird species: 4.5 images a class give 51 % accuracy, 30 give 82 %. Here: {perClass} a class.",
  "guide.note.imagesPerClassUnknown":
    "What counts is images per class. Published for ResNet-50 on 200 bird species: 4.5 images a class give 51 % accuracy, 30 give 82 %.",
  "guide.note.batchSize": "4 to 8 on a GPU of 8 to 12 GB, 8 to 16 on 16 GB, 16 to 32 from 24 GB on.",
  "guide.note.batchSizeMemory":
    "{architecture} at {imageSize} px and batch {batchSize} needs about {gigabytes} GB in training here (estimate from its activations).",
  "guide.note.batchNorm":
    "Batch normalization suffers below 16 images a batch. Published for ResNet-50, error at 32, 16, 8, 4, 2 images: 23.6, 23.7, 24.8, 27.3, 34.7 %.",
  "guide.note.epochs": "8 to 15 epochs for small datasets, 3 to 8 for medium ones, 1 to 3 above 20,000 images.",
  "guide.note.epochsSteps":
    "A ResNet needs thousands of steps at a rate of 5e-5. Published for ResNet-50 on CIFAR-10: 50.8 % after 1 epoch, 85.2 % after 3 (1,053 steps).",
  "guide.note.learningRate": "5e-5 as a standard, 1e-4 for large datasets, 2e-5 near the minimum size.",
  "guide.note.learningRateResnet":
    "Published fine-tunings of ResNets with AdamW use 1e-4 to 3e-4. Lower rates for small datasets mean fewer effective steps still; that can hide a gap by under-training.",
  "guide.note.learningRateVit":
    "Published fine-tunings of {architecture} with AdamW use {low} to {high}; 5e-5 is at their upper end or above.",
  "guide.note.evalEvery": "Evaluate after every epoch to watch the gap closely.",
  "guide.note.evalEveryUnit":
    "The guide leaves the unit open; here it is epochs. An evaluation after every step would cost more than the training.",
  "guide.note.augmentation": "Heavy augmentation for small datasets, standard for medium ones, light for large ones.",
  "guide.note.imageSize": "The input is 224 × 224 pixels.",
  "guide.note.imageSizeCost":
    "Time and memory grow with the square of the size: {imageSize} px costs {share} % of 224 px.",
  "guide.note.fromScratch":
    "These ranges are made for pre-trained weights. A run that starts from random weights needs more epochs and gains from a higher rate.",
  "guide.note.cpuMeasured":
    "The estimate before the start says how long it takes here. On a CPU a small image size is what makes training practical.",
  "guide.note.vitPretraining":
    "What decides is pre-training, not the number of images. Published for ViT-B/16 on 102 flowers (2,040 images): 89.5 % from ImageNet-1k, 99.4 % from ImageNet-21k.",
} as const;

export const sayNote: Speaker<typeof noteMessages> = speaker(noteMessages);
