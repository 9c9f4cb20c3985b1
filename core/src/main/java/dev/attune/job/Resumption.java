package dev.attune.job;

import dev.attune.config.ArgumentKey;
import dev.attune.config.ArgumentSchema;
import dev.attune.error.CheckpointException;
import dev.attune.error.ConfigException;
import dev.attune.task.TaskType;
import dev.attune.task.Tasks;
import dev.attune.tensor.Native;
import dev.attune.train.Checkpoints;
import dev.attune.train.TrainingArguments;
import dev.attune.train.TrainingPlan;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.MissingNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What a run goes on from: a checkpoint, and the record of the run that made it. Another run than that one would end with a
 * model that no arguments explain, so what decides a run has to be the same.
 *
 * @param checkpoint its folder; null for a run from the first step on
 * @param run {@code run.json} in the checkpoint; that of the run in the output folder where there is no checkpoint
 * @param notes what the user should know, one sentence each
 */
record Resumption(@Nullable Path checkpoint, JsonNode run, List<String> notes) {
    /** Arguments that do not decide what a run computes; data and model are known by their hashes. */
    private static final Set<String> FREE = Set.of(
            "output_dir",
            "run_name",
            "overwrite",
            "resume_from_checkpoint",
            "on_change",
            "data_cache",
            "use_cpu",
            "gradient_checkpointing",
            "max_memory",
            "save_total_limit",
            "report_to",
            "lora_merge",
            "model",
            "train",
            "validation",
            "validation_sets",
            "test");

    /** Most differences in a sentence. */
    private static final int SHOWN = 5;

    private static final JsonMapper JSON = JsonMapper.shared();
    private static final JsonNode NOTHING = MissingNode.getInstance();

    /** A run from the first step on, in a folder that nobody asked about. */
    static Resumption none() {
        return new Resumption(null, NOTHING, List.of());
    }

    /**
     * What {@code resume_from_checkpoint} asks for. Nobody else may be training in the output folder.
     *
     * @throws CheckpointException if there is nothing to go on from, and the run must not start anew
     */
    static Resumption of(@Nullable String asked, Path output) {
        if (asked == null || asked.equalsIgnoreCase("false")) return none();
        Checkpoints checkpoints = new Checkpoints(output);
        checkpoints.recover();
        String mode = asked.equalsIgnoreCase("true") ? "auto" : asked.toLowerCase(Locale.ROOT);
        if (!mode.equals("auto") && !mode.equals("must")) return at(Path.of(asked));
        Checkpoints.Newest newest = checkpoints.newest();
        List<String> notes = new ArrayList<>();
        newest.skipped().forEach(skipped -> notes.add("Skipped " + skipped + "."));
        if (newest.folder() != null) {
            notes.add("Going on from " + newest.folder() + ".");
            return new Resumption(newest.folder(), run(newest.folder()), notes);
        }
        String nothing = "There is no whole checkpoint in " + output + " to go on from";
        if (mode.equals("must")) {
            notes.add(0, nothing + ". Train without resume_from_checkpoint, or with auto.");
            throw new CheckpointException(String.join("\n", notes));
        }
        if (newest.isDamaged()) {
            notes.add(
                    0,
                    "All checkpoints in " + output
                            + " are damaged, so there is nothing to go on from. To start anew, remove"
                            + " them or choose another output_dir.");
            throw new CheckpointException(String.join("\n", notes));
        }
        notes.add(nothing + ": the run starts anew.");
        boolean begun = Files.exists(output.resolve("run.json"));
        return new Resumption(null, begun ? run(output) : NOTHING, notes);
    }

    /**
     * Whether the run in the output folder may be replaced. Who wants to go on with a run does not want to lose it: only one that
     * came to no end and left nothing to go on from.
     */
    boolean mayReplace(JobArguments job) {
        boolean foundNothing = checkpoint == null && !notes.isEmpty();
        return foundNothing ? run.isObject() && !run.has("finished") : job.overwrite();
    }

    /** Whether the checkpoint is one of the run in this folder. */
    boolean isIn(Path output) {
        if (checkpoint == null) return false;
        Path run = checkpoint.toAbsolutePath().normalize().getParent();
        return output.toAbsolutePath().normalize().equals(run);
    }

    private static Resumption at(Path checkpoint) {
        String damage = Files.isDirectory(checkpoint) ? Checkpoints.damage(checkpoint) : "there is no such folder";
        if (damage != null) {
            throw new CheckpointException(
                    "resume_from_checkpoint is " + checkpoint + ", but " + damage + ". Choose another one, or auto.");
        }
        return new Resumption(
                checkpoint, run(checkpoint), new ArrayList<>(List.of("Going on from " + checkpoint + ".")));
    }

    private static JsonNode run(Path folder) {
        Path file = folder.resolve("run.json");
        try {
            return JSON.readTree(Files.readAllBytes(file));
        } catch (IOException | JacksonException e) {
            throw new CheckpointException(
                    file + " cannot be read, so nobody knows what run it is of (" + e.getMessage() + ").", e);
        }
    }

    /**
     * Computes with as many threads as the run did before; if the user wants another number, or the machine is another one, says
     * what that means.
     */
    void resumeThreads() {
        int before = threadsBefore();
        if (before < 1) return;
        int now = Native.resumeThreads(before);
        if (now != before) {
            notes.add("The run computed with " + before + " threads before, and now with " + now
                    + ": sums come in another order, so its last digits may differ.");
        }
        tellKernels(JSON.valueToTree(Native.kernels()));
    }

    /** Threads that the run computed with before; 0 if there was none, or it did not say so. */
    int threadsBefore() {
        return checkpoint == null ? 0 : Math.max(0, run.path("threads").asInt(0));
    }

    /** The epoch that the run goes on in, if its plan is as before. */
    int epoch(TrainingPlan plan) {
        return checkpoint == null ? 0 : Checkpoints.step(checkpoint) / plan.stepsPerEpoch();
    }

    private void tellKernels(JsonNode now) {
        JsonNode before = run.path("kernels");
        if (!before.isObject()) return; // of a version that did not write them down
        Differences others = new Differences();
        others.addAll(before, now);
        if (others.found().isEmpty()) return;
        notes.add("The run computed with other kernels before: " + String.join(", ", others.found())
                + ". Sums may come in another order, so its last digits may differ.");
    }

    /**
     * The recipe to go on with: the arguments of before, if they are to be kept.
     *
     * @throws CheckpointException if run.json has values that this version does not understand
     */
    Recipe recipe(Recipe now) {
        if (checkpoint == null || now.job().onChange() != OnChange.KEEP) return now;
        TaskType<?> task = now.task();
        ArgumentSchema schema = Recipe.schema(task);
        JsonNode before = argumentsBefore(task);
        JsonNode after = JSON.valueToTree(now.toMap());
        Map<String, @Nullable Object> values =
                new LinkedHashMap<>(schema.components(now.job(), now.settings(), now.training()));
        for (String key : Differences.names(before, after)) {
            if (FREE.contains(key)
                    || key.equals("task")
                    || Differences.text(before.path(key)).equals(Differences.text(after.path(key)))) continue;
            values.put(key, value(schema, key, before.path(key)));
            notes.add(key + " is " + Differences.text(before.path(key)) + " as before, and not "
                    + Differences.text(after.path(key)) + ".");
        }
        return new Recipe(
                schema.create(JobArguments.class, values),
                schema.create(task.settings(), values),
                schema.create(TrainingArguments.class, values));
    }

    private @Nullable Object value(ArgumentSchema schema, String key, JsonNode stored) {
        if (stored.isMissingNode() || stored.isNull()) return null;
        try {
            ArgumentKey known =
                    schema.find(key).orElseThrow(() -> new IllegalArgumentException("there is no such key"));
            if (!stored.isArray()) return known.parse(stored.asString());
            List<String> list = new ArrayList<>();
            stored.forEach(entry -> list.add(entry.asString()));
            return list;
        } catch (IllegalArgumentException e) {
            throw new CheckpointException(
                    "run.json in " + checkpoint + " has " + key + ": " + stored + ", but " + e.getMessage() + ".", e);
        }
    }

    /**
     * Says what differs from the run before; fails if this may not be.
     *
     * @param now what run.json of this run would say
     */
    void compare(Map<String, ?> now, OnChange onChange) {
        JsonNode after = JSON.valueToTree(now);
        List<String> changes = changes(after);
        if (changes.isEmpty()) return;
        if (onChange == OnChange.APPLY) {
            requireSameOptimizer(after);
            notes.add("This run goes on with other values: " + String.join(", ", changes) + ".");
            return;
        }
        int more = changes.size() - SHOWN;
        throw new ConfigException("The run that made " + checkpoint + " was another one: "
                + String.join(", ", changes.subList(0, Math.min(SHOWN, changes.size())))
                + (more > 0 ? " and " + more + " more" : "")
                + ". Give this run the same values, choose another output_dir for a run from the first step on, or say what"
                + " counts: on_change: keep (the arguments of before) or apply (the new values).");
    }

    /** What one optimizer remembers is of no use to another. */
    private void requireSameOptimizer(JsonNode now) {
        Differences optimizer = new Differences();
        JsonNode before = argumentsBefore(Tasks.named(now.path("task").asString()));
        optimizer.add("optim", before.path("optim"), now.at("/arguments/optim"));
        if (optimizer.found().isEmpty()) return;
        throw new ConfigException("on_change is apply, but " + String.join(", ", optimizer.found())
                + ", and no optimizer can go on with what another one remembers. Go on with on_change: keep, or begin a run with "
                + checkpoint + " as its model.");
    }

    /** Those of the run before. What its version had no key for was as the key's default says: a default changes no run. */
    private JsonNode argumentsBefore(TaskType<?> task) {
        ObjectNode arguments = JSON.valueToTree(Recipe.defaults(task));
        run.path("arguments").properties().forEach(entry -> arguments.set(entry.getKey(), entry.getValue()));
        return arguments;
    }

    private List<String> changes(JsonNode now) {
        Differences changes = new Differences();
        changes.add("task", run.path("task"), now.path("task"));
        JsonNode before = argumentsBefore(Tasks.named(now.path("task").asString()));
        changes.addAll(before, now.path("arguments"), FREE);
        changes.add("max_length", run.path("max_length"), now.path("max_length"));
        for (String set : Differences.names(run.path("data"), now.path("data"))) {
            if (!run.at("/data/" + set + "/sha256").equals(now.at("/data/" + set + "/sha256"))) {
                changes.add(set + " has other rows");
            }
        }
        JsonNode model = run.path(Provenance.MODEL);
        if (model.isObject() && !model.equals(now.path(Provenance.MODEL))) changes.add("model has other files");
        return changes.found();
    }
}
