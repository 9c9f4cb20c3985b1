package dev.attune.task;

import dev.attune.data.DataCache;
import dev.attune.data.Dataset;
import dev.attune.data.Encoded;
import dev.attune.data.Examples;
import dev.attune.model.Head;
import dev.attune.model.ModelConfig;
import dev.attune.model.PretrainedModel;
import dev.attune.text.Tokenizer;
import java.util.List;
import java.util.Map;

/** What a task found out about its data: enough to make the head, to encode any part of the rows, and to write it down. */
public interface TaskData extends ExampleClasses {
    /** The settings with everything filled in that was found: what a later evaluation has to know. */
    Record settings();

    /** What {@code run.json} keeps for its readers: columns, labels. Texts, numbers, booleans, lists and maps. */
    Map<String, ?> record();

    /** The columns in use, for people: {@code text from body, label from stars}. */
    String columns();

    /** What a person should know before training begins, one sentence each. */
    List<String> notes();

    /** The head that the model needs. */
    Head head();

    /** The config of the model to train: labels, kind of problem. */
    ModelConfig configure(ModelConfig pretrained);

    /**
     * Rows as examples.
     *
     * @param part what they are for
     * @param rows the prepared rows, a part of them, or others with the same columns
     * @param maxLength longest example in tokens
     */
    Encoded encode(Part part, Dataset rows, Tokenizer tokenizer, int maxLength, DataCache cache);

    /**
     * The same for a training on these examples, which the loss may take something from, such as the weights of classes: before
     * {@link #bind}, or the loss does without. The examples are those of {@link #encode} for the training part alone.
     */
    default TaskData trainedOn(Examples train) {
        return this;
    }

    /** The task on a model that was made with {@link #configure}. The model stays the caller's. */
    Task bind(PretrainedModel model, Tokenizer tokenizer);

    /** What the model card says of a model of this task. */
    Description describe();

    /**
     * These rows for a doctor; nothing is trained.
     *
     * @throws dev.attune.error.DataException if they lack a column
     */
    CheckedRows checked(Dataset rows);
}
