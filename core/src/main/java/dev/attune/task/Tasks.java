package dev.attune.task;

import dev.attune.error.CheckpointException;
import dev.attune.error.ConfigException;
import dev.attune.error.Suggestion;
import dev.attune.model.Architectures;
import dev.attune.model.ModelConfig;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.ServiceLoader;

/** The tasks that there are: those of Attune, and those of other jars on the class path. */
public final class Tasks {
    /** The task of a recipe that names none. */
    public static final String DEFAULT = "text-classification";

    private Tasks() {}

    /**
     * All tasks, the default first and the others sorted by key: of a key that several have, pages for all tasks together
     * show the first one's words. Looked up anew: a class loader may bring its own.
     */
    public static List<TaskType<?>> all() {
        List<TaskType<?>> types = new ArrayList<>();
        for (TaskType<?> type : ServiceLoader.load(TaskType.class)) types.add(type);
        if (types.isEmpty()) {
            // Where the thread's own class loader does not see this jar, as in some containers.
            for (TaskType<?> type : ServiceLoader.load(TaskType.class, Tasks.class.getClassLoader())) types.add(type);
        }
        types.sort(
                Comparator.<TaskType<?>, Boolean>comparing(type -> !type.key().equals(DEFAULT))
                        .thenComparing(TaskType::key));
        return types;
    }

    /** The keys of {@link #all}. */
    public static List<String> keys() {
        return all().stream().map(TaskType::key).toList();
    }

    /** The task of this key or alias. */
    public static Optional<TaskType<?>> find(String keyOrAlias) {
        return all().stream()
                .filter(type -> type.key().equals(keyOrAlias) || type.aliases().contains(keyOrAlias))
                .findFirst();
    }

    /**
     * As {@link #find}.
     *
     * @throws ConfigException with the names there are
     */
    public static TaskType<?> named(String keyOrAlias) {
        return find(keyOrAlias)
                .orElseThrow(() -> new ConfigException("There is no task \"" + keyOrAlias + "\"."
                        + Suggestion.didYouMean(keyOrAlias, keys()) + " There are " + String.join(", ", keys()) + "."));
    }

    /**
     * The task of a model about which no run wrote one down: that of the head in its config.json, and {@link #DEFAULT} where
     * this names none.
     *
     * @throws CheckpointException if the head belongs to no task that there is
     */
    public static TaskType<?> of(ModelConfig config) {
        List<String> heads = config.architectures().stream()
                .filter(name -> !name.endsWith("Model") || name.endsWith("LMHeadModel"))
                .toList();
        if (heads.isEmpty()) return named(DEFAULT);
        for (TaskType<?> type : all()) {
            for (String end : type.architectures()) {
                if (heads.stream().anyMatch(name -> name.endsWith(end))) return type;
            }
        }
        throw new CheckpointException(config.source() + ": the model is a " + String.join(", ", heads)
                + ", which belongs to none of the tasks there are (" + String.join(", ", keys()) + ")."
                + Architectures.didYouMean(heads.get(0)) + " Fine-tune it for one, or say with --task what it is for.");
    }
}
