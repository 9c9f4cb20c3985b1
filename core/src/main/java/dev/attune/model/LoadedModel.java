package dev.attune.model;

import dev.attune.checkpoint.LoadReport;
import dev.attune.error.CheckpointException;
import dev.attune.text.Tokenizer;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * A model and what happened while it was loaded.
 *
 * @param model owned by the caller
 * @param report which tensors came from the files
 */
public record LoadedModel(PretrainedModel model, LoadReport report) {
    /** Most names in a sentence. */
    private static final int SHOWN = 4;

    /** What the user should know about this model before using it, one sentence each; none for most. */
    public List<String> notes() {
        List<String> notes = new ArrayList<>(model.config().notes());
        List<String> unused = report.ignored().stream()
                // Numbers under another name of a tensor that differ from its own: the files contradict themselves.
                .filter(name -> !model.mayBeUnused(name) || model.tiedNames().containsKey(name))
                .toList();
        if (!unused.isEmpty()) {
            String more = unused.size() > SHOWN ? " and " + (unused.size() - SHOWN) + " more" : "";
            notes.add("In the checkpoint, but not in this model, so left out: "
                    + String.join(", ", unused.subList(0, Math.min(SHOWN, unused.size()))) + more + ".");
        }
        return notes;
    }

    /** Names of what the files have and the model has not, under no other name either: other heads, constants. */
    public List<String> leftOut() {
        return report.ignored().stream()
                .filter(name -> !model.tiedNames().containsKey(name))
                .toList();
    }

    /** Longest text in tokens that both model and tokenizer take. */
    public int maxLength(Tokenizer tokenizer) {
        return model.config().maxLength(tokenizer.modelMaxLength());
    }

    /** Fails if the tokenizer, or the one of what is written, can produce ids that the model has no embedding for. */
    public void requireFits(Tokenizer tokenizer) {
        requireFits(tokenizer, "The tokenizer");
        if (tokenizer.ofTargets() != tokenizer) requireFits(tokenizer.ofTargets(), "The tokenizer of targets");
    }

    private void requireFits(Tokenizer tokenizer, String which) {
        int rows = model.config().integer("vocab_size", 30522);
        // By id and not by count: a vocabulary may have gaps, or a word twice.
        int highest = tokenizer.highestTokenId();
        if (highest < rows) return;
        String found = tokenizer.vocabularySize() > rows
                ? tokenizer.vocabularySize() + " tokens"
                : "a token with the id " + highest;
        throw new CheckpointException(which + " has " + found + ", but the model has embeddings for " + rows
                + " tokens, ids 0 to " + (rows - 1) + ": they do not belong together ("
                + model.config().source()
                + ", vocab_size). Use the tokenizer that the model was trained with.");
    }

    /** Names of the parameters that hold random numbers: not in the files, or there in another shape. */
    public List<String> untrained() {
        return Stream.concat(
                        report.newlyInitialised().stream(),
                        report.wrongShape().stream().map(LoadReport.Mismatch::name))
                .toList();
    }

    /** Fails if the head is not in the files: an untrained head would answer with noise. */
    public void requireTrainedHead() {
        if (!report.wrongShape().isEmpty()) {
            throw new CheckpointException(
                    "The head in the files does not fit " + model.config().source() + " ("
                            + report.wrongShape().get(0) + "). Check id2label: it names the labels of the head.");
        }
        List<String> fresh = report.newlyInitialised();
        if (!fresh.isEmpty()) {
            throw new CheckpointException("The model in " + model.config().source() + " has no trained head ("
                    + String.join(", ", fresh) + " are not in its files). Fine-tune it first: attune train --model …");
        }
    }
}
