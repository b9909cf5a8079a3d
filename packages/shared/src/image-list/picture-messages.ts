import { type Speaker, speaker } from "../message/message.js";

export const pictureMessages = {
  "pictures.noDataset":
    "This run was trained elsewhere: which images it was scored on is not known here. Their numbers in the split’s order are shown.",
  "pictures.notListed":
    "The files behind these predictions are not known: the dataset was scanned before file names were kept, or its images have changed since. If the images are the same, scan the dataset again to see them.",
  "pictures.elsewhere":
    "The pictures cannot be shown: the dataset’s folder is not on the machine that the API runs on. Mount it there under the same path.",
} as const;

/** Says why the images of a split can be named at most. */
export const sayPictures: Speaker<typeof pictureMessages> = speaker(pictureMessages);
