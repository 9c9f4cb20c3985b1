package dev.attune.job;

import dev.attune.adapt.BaseReference;
import dev.attune.adapt.Lora;
import dev.attune.adapt.LoraConfig;
import dev.attune.adapt.ModelFolder;
import dev.attune.error.ConfigException;
import dev.attune.hub.Hub;
import dev.attune.hub.ModelFiles;
import dev.attune.model.DropoutRates;
import dev.attune.model.LoadedModel;
import dev.attune.model.ModelConfig;
import dev.attune.model.Models;
import dev.attune.task.TaskData;
import dev.attune.text.Tokenizer;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** The model that a run begins with: pretrained weights, or a config and random numbers. */
sealed interface JobModel {
    static JobModel of(JobArguments job) {
        ModelChoice choice = job.model();
        return choice.text() != null
                ? new Pretrained(Hub.resolve(choice.text()), job.dropout())
                : new Untrained(choice.config(), choice.tokenizer(), job.dropout());
    }

    /** The folder whose files decide what the model is: weights, or the tokenizer. */
    Path directory();

    /** The name by which others know the model; null if nothing tells it, or if it begins here. */
    @Nullable
    String baseModel();

    /** Where training begins, as a part of a sentence: {@code fine-tuned from a model in a folder}. */
    String origin();

    ModelConfig config();

    /** What the recipe says of dropout. */
    DropoutRates dropout();

    /**
     * The config of the model to train.
     *
     * @throws ConfigException if the recipe sets a dropout that a model for this task does not have
     */
    default ModelConfig configure(ModelConfig pretrained, TaskData data) {
        return dropout().applyTo(data.configure(pretrained), data.head());
    }

    LoadedModel load(TaskData data);

    /** Adds adapters to the model that was loaded. */
    Lora adapt(LoadedModel loaded, LoraConfig config);

    Tokenizer tokenizer();

    /** Where texts are cut: at {@code asked} if that is set, and never beyond what model and tokenizer take. */
    default int maxLength(Tokenizer tokenizer, @Nullable Integer asked) {
        int limit = config().maxLength(tokenizer.modelMaxLength());
        return asked == null ? limit : Math.min(limit, asked);
    }

    /** Weights in files. */
    record Pretrained(ModelFiles files, DropoutRates dropout) implements JobModel {
        @Override
        public Path directory() {
            return files.directory();
        }

        @Override
        public @Nullable String baseModel() {
            return files.baseModel();
        }

        @Override
        public String origin() {
            return "fine-tuned from a model that nobody named";
        }

        @Override
        public ModelConfig config() {
            return folder().config();
        }

        @Override
        public LoadedModel load(TaskData data) {
            return folder().load(data.head(), config -> configure(config, data));
        }

        @Override
        public Tokenizer tokenizer() {
            return folder().tokenizer();
        }

        @Override
        public Lora adapt(LoadedModel loaded, LoraConfig config) {
            if (folder().isAdapter()) {
                throw new ConfigException("model is " + files.id() + ", which is an adapter itself, and lora would add"
                        + " another one, whose base nobody could name. Train its base model, or write the adapter as a"
                        + " whole model first (lora_merge).");
            }
            return Lora.attach(loaded, config, BaseReference.of(files));
        }

        private ModelFolder folder() {
            return ModelFolder.of(files.directory());
        }
    }

    /** Random numbers. */
    record Untrained(Path file, Path directory, DropoutRates dropout) implements JobModel {
        @Override
        public @Nullable String baseModel() {
            return null;
        }

        @Override
        public String origin() {
            return "trained from random weights";
        }

        @Override
        public ModelConfig config() {
            if (!Files.isRegularFile(file)) {
                throw new ConfigException("model_config is \"" + file + "\", but there is no such file.");
            }
            return ModelConfig.read(file);
        }

        @Override
        public LoadedModel load(TaskData data) {
            return Models.untrained(configure(config(), data), data.head());
        }

        @Override
        public Tokenizer tokenizer() {
            return Tokenizer.load(directory);
        }

        @Override
        public Lora adapt(LoadedModel loaded, LoraConfig config) {
            throw new IllegalStateException("refused by the recipe");
        }
    }
}
