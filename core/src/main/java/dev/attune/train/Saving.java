package dev.attune.train;

import dev.attune.checkpoint.StateDict;
import dev.attune.checkpoint.Stateful;
import dev.attune.error.CheckpointException;
import dev.attune.io.AtomicFiles;
import dev.attune.model.PretrainedModel;
import dev.attune.tensor.Rng;
import dev.attune.tensor.Scope;
import java.nio.file.Path;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.IntUnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Writes a run down and takes it up again. A checkpoint is the model as others read it, the reference's {@code
 * trainer_state.json}, and beside them what every part of the run remembers.
 */
final class Saving {
    private static final String RNG = "rng";

    private final Checkpoints checkpoints;
    private final DiskSpace disk;
    private final Consumer<Path> model;
    private final Map<String, Stateful> parts = new LinkedHashMap<>();

    /** @param model writes the model into a folder, and whatever belongs to it */
    Saving(Checkpoints checkpoints, DiskSpace disk, Consumer<Path> model) {
        this.checkpoints = checkpoints;
        this.disk = disk;
        this.model = model;
    }

    /** A part of the run that remembers something. */
    void add(String name, Stateful part) {
        if (parts.put(name, part) != null) throw new IllegalArgumentException("Two parts named " + name);
    }

    /**
     * @param spent seconds since the run was last taken up
     * @param isLast whether the run ends with this checkpoint
     * @return the folder
     * @throws CheckpointException if it cannot be written, as on a full disk; there is no trace of it then
     */
    Path save(TrainingState state, double spent, String trainerState, boolean isLast) {
        disk.require(isLast);
        checkpoints.write(state.step(), folder -> {
            model.accept(folder);
            AtomicFiles.writeString(folder.resolve("trainer_state.json"), trainerState);
            try (Scope scope = Scope.open()) {
                StateDict dict = new StateDict();
                state.save(dict.part("trainer"), spent);
                dict.put(RNG, Base64.getEncoder().encodeToString(Rng.state()));
                parts.forEach((name, part) -> part.save(dict.part(name)));
                dict.write(folder);
            }
        });
        Path folder = checkpoints.folder(state.step());
        disk.learn(Manifest.read(folder).bytes());
        return folder;
    }

    /**
     * Removes the oldest checkpoints beyond a limit.
     *
     * @param limit how many to keep; null for all, so that no other one is read
     * @param best step of the best model, whose checkpoint stays; -1 for none
     * @return what could not be removed, a sentence each
     */
    List<String> removeBeyond(@Nullable Integer limit, int best) {
        if (limit == null) return List.of();
        try {
            return checkpoints.removeBeyond(limit, Set.of(best));
        } catch (CheckpointException e) {
            return List.of(e.getMessage());
        }
    }

    /** Makes the model that of a checkpoint, if it is whole; tells whether it is. */
    boolean loadModel(int step, PretrainedModel model) {
        Path checkpoint = checkpoints.folder(step);
        if (Checkpoints.damage(checkpoint) != null) return false;
        model.restore(checkpoint);
        return true;
    }

    /**
     * Makes model and parts those of a checkpoint.
     *
     * @param batches how many batches are behind so many examples of an epoch
     */
    TrainingState load(Path checkpoint, PretrainedModel model, IntUnaryOperator batches) {
        model.restore(checkpoint);
        disk.learn(Manifest.read(checkpoint).bytes());
        try (Scope scope = Scope.open()) {
            StateDict dict = StateDict.read(checkpoint);
            parts.forEach((name, part) -> part.load(dict.part(name)));
            Rng.restore(Base64.getDecoder().decode(dict.text(RNG)));
            return TrainingState.load(dict.part("trainer"), batches);
        }
    }
}
