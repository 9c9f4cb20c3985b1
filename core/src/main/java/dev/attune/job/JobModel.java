package dev.attune.job;

import dev.attune.hub.Hub;
import dev.attune.hub.ModelFiles;
import dev.attune.model.LoadedModel;
import dev.attune.model.ModelConfig;
import dev.attune.model.Models;
import dev.attune.task.TaskData;
import dev.attune.text.Tokenizer;
import org.jspecify.annotations.Nullable;

/** The model that a run begins with: pretrained weights. */
record JobModel(ModelFiles files) {
    static JobModel of(JobArguments job) {
        return new JobModel(Hub.resolve(job.model().text()));
    }

    Tokenizer tokenizer() {
        return Tokenizer.load(files.directory());
    }

    /** Where texts are cut: at {@code asked} if that is set, and never beyond what model and tokenizer take. */
    int maxLength(Tokenizer tokenizer, @Nullable Integer asked) {
        int limit = ModelConfig.read(files.directory()).maxLength(tokenizer.modelMaxLength());
        return asked == null ? limit : Math.min(limit, asked);
    }

    LoadedModel load(TaskData data) {
        return Models.load(files.directory(), data.head(), data::configure);
    }
}
