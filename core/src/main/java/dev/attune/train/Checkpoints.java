package dev.attune.train;

import dev.attune.checkpoint.StateDict;
import dev.attune.error.CheckpointException;
import dev.attune.io.AtomicFiles;
import dev.attune.io.AtomicFiles.ThrowingConsumer;
import dev.attune.io.AtomicFolders;
import dev.attune.model.Adapters;
import dev.attune.model.PretrainedModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The checkpoints of a run: folders {@code checkpoint-STEP} in its folder, each whole or not there.
 *
 * <p>A folder counts only if every file in it is as its {@link Manifest} says, and if it has the state of the run beside the
 * model: with another optimizer's memory a run would go on as another run.
 */
public final class Checkpoints {
    /** Bytes of a weight, and of a number that an optimizer remembers. */
    public static final long WEIGHT_BYTES = 4;

    /** The most that an optimizer remembers of a weight: AdamW's two moments. */
    private static final long REMEMBERED = 2;

    private static final Pattern NAME = Pattern.compile("checkpoint-(\\d{1,10})");

    private final Path run;
    private final ThrowingConsumer<Path> remover;

    /** Bytes of the weights in a folder of this model: of all, or of the adapters alone. */
    public static long modelBytes(PretrainedModel model) {
        return WEIGHT_BYTES * (model.adapters() == null ? model.parameterCount() : model.trainableCount());
    }

    /**
     * Most bytes of a checkpoint: the model's weights, and of each that is trained what the optimizer and {@code ema_decay}
     * remember. Embeddings that no text has asked for have no moments.
     *
     * @param model with what is frozen at the beginning
     */
    public static long bytes(PretrainedModel model, TrainingArguments args) {
        long trained = args.unfreezeLayersPerEpoch() == null ? model.trainableCount() : model.parameterCount();
        return modelBytes(model) + WEIGHT_BYTES * trained * (REMEMBERED + (args.emaDecay() == null ? 0 : 1));
    }

    /** @param run the folder of the run */
    public Checkpoints(Path run) {
        this(run, AtomicFolders::delete);
    }

    /** @param remover removes a folder */
    Checkpoints(Path run, ThrowingConsumer<Path> remover) {
        this.run = run;
        this.remover = remover;
    }

    /** Finishes or removes what a crash left half done. Nobody else may be writing there. */
    public void recover() {
        try {
            AtomicFolders.sweep(run);
        } catch (IOException e) {
            throw new CheckpointException(
                    "What a crash left in " + run + " cannot be moved (" + e + "). Check the rights of the folder.", e);
        }
    }

    /**
     * The newest checkpoint that is whole.
     *
     * @param folder null if there is none
     * @param skipped newer ones that are not, each with the reason: a part of a sentence
     * @param isDamaged whether one of these was whole once: a folder without a manifest is none of ours, or was never finished
     */
    public record Newest(@Nullable Path folder, List<String> skipped, boolean isDamaged) {}

    public Newest newest() {
        List<String> skipped = new ArrayList<>();
        boolean damaged = false;
        for (Candidate candidate : candidates()) {
            String damage = candidate.damage == null ? damage(candidate.folder) : candidate.damage;
            if (damage == null) return new Newest(candidate.folder, skipped, damaged);
            damaged |= Files.exists(candidate.folder.resolve(Manifest.NAME));
            skipped.add(candidate.folder.getFileName() + ": " + damage);
        }
        return new Newest(null, skipped, damaged);
    }

    /**
     * What is wrong with a checkpoint, after reading all of it.
     *
     * @return null if it is whole
     */
    public static @Nullable String damage(Path folder) {
        try {
            Manifest manifest = Manifest.read(folder);
            for (String file : List.of("model.safetensors", StateDict.VALUES, StateDict.TENSORS)) {
                boolean elsewhere = file.startsWith("model")
                        && (manifest.files().containsKey(file + ".index.json")
                                || manifest.files().containsKey(Adapters.WEIGHTS));
                if (!manifest.files().containsKey(file) && !elsewhere) return "it has no " + file;
            }
            manifest.check(folder);
            return null;
        } catch (CheckpointException e) {
            return e.getMessage();
        }
    }

    /**
     * Optimizer steps that were done when a checkpoint was written.
     *
     * @throws CheckpointException if the folder is none
     */
    public static int step(Path folder) {
        return Manifest.read(folder).step();
    }

    /** Folders with the name of a checkpoint, whoever made them. */
    List<Path> folders() {
        return candidates().stream().map(Candidate::folder).toList();
    }

    /** Removes the checkpoints that have a manifest, and what crashes left: those of an older run. */
    public void clear() throws IOException {
        for (Candidate candidate : candidates()) {
            if (candidate.damage == null) AtomicFolders.delete(candidate.folder);
        }
        AtomicFolders.sweep(run);
    }

    Path folder(int step) {
        return run.resolve("checkpoint-" + step);
    }

    /**
     * Writes a checkpoint.
     *
     * @param content writes model and state into the folder it is given
     * @throws CheckpointException if that fails, as on a full disk; there is no trace of it then
     */
    void write(int step, ThrowingConsumer<Path> content) {
        Path target = folder(step);
        try {
            AtomicFolders.write(target, folder -> {
                content.accept(folder);
                AtomicFiles.writeString(
                        folder.resolve(Manifest.NAME), Manifest.of(folder, step).toJson());
            });
        } catch (IOException e) {
            throw new CheckpointException("Cannot write " + target + ": " + e + ".", e);
        }
    }

    /**
     * Removes the oldest checkpoints beyond a limit; never the newest, and none of {@code kept}. As in the reference, these two
     * stay even if the limit is 1. Nothing is removed unless the newest is there with all its files; what is in them was read and
     * hashed when it was written.
     *
     * @param limit {@code save_total_limit}
     * @param kept steps to keep
     * @return what could not be removed, and why, a sentence each: a nuisance, but nothing is lost
     */
    List<String> removeBeyond(int limit, Set<Integer> kept) {
        List<Candidate> there = candidates().stream()
                .filter(candidate -> candidate.damage == null)
                .toList();
        if (there.size() <= limit || !isComplete(there.get(0).folder)) return List.of();
        List<Candidate> oldestFirst = there.stream()
                .skip(1)
                .filter(candidate -> !kept.contains(candidate.step))
                .sorted(Comparator.comparingInt(Candidate::step))
                .toList();
        List<String> notes = new ArrayList<>();
        for (Candidate candidate : oldestFirst.subList(0, Math.min(there.size() - limit, oldestFirst.size()))) {
            try {
                remover.accept(candidate.folder);
            } catch (IOException e) {
                notes.add(candidate.folder + " is beyond save_total_limit, but cannot be removed (" + e
                        + "): the next save tries again.");
            }
        }
        return notes;
    }

    private static boolean isComplete(Path folder) {
        try {
            Manifest.read(folder).checkSizes(folder);
            return true;
        } catch (CheckpointException e) {
            return false;
        }
    }

    /** A folder with the name of a checkpoint. */
    private record Candidate(
            Path folder, int step, @Nullable String damage) {}

    /** Newest first. */
    private List<Candidate> candidates() {
        if (!Files.isDirectory(run)) return List.of();
        try (Stream<Path> entries = Files.list(run)) {
            return entries.filter(Files::isDirectory)
                    .filter(folder ->
                            NAME.matcher(folder.getFileName().toString()).matches())
                    .map(Checkpoints::candidate)
                    .sorted(Comparator.comparingInt(Candidate::step).reversed())
                    .toList();
        } catch (IOException e) {
            throw new CheckpointException("Cannot list " + run + ": " + e.getMessage() + ". Check its rights.", e);
        }
    }

    /** A manifest that tells another step than the name is not that of this folder, or it is damaged. */
    private static Candidate candidate(Path folder) {
        String name = folder.getFileName().toString();
        int step = (int) Math.min(Long.parseLong(name.substring(name.indexOf('-') + 1)), Integer.MAX_VALUE);
        try {
            int written = Manifest.read(folder).step();
            return new Candidate(folder, step, written == step ? null : Manifest.NAME + " is that of step " + written);
        } catch (CheckpointException e) {
            return new Candidate(folder, step, e.getMessage());
        }
    }
}
