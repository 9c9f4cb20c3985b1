package dev.attune.hub;

import dev.attune.error.CheckpointException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A folder of the user's; nothing in it is touched. */
record DirectorySource(String id, Path directory) implements ModelSource {
    @Override
    public ModelFiles resolve() {
        if (Files.isDirectory(directory)) {
            return new ModelFiles(id, directory, BaseModel.of(directory));
        }
        if (Files.exists(directory)) {
            throw new CheckpointException(
                    "The model " + id + " is a file. Give the folder that holds config.json and the weights.");
        }
        throw new CheckpointException("There is no folder " + id + " (looked at "
                + directory.toAbsolutePath().normalize()
                + "). Put the files of a model there, or name the folder that has them: key model, --model"
                + " path/to/folder.");
    }
}
