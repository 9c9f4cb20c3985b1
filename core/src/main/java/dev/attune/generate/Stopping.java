package dev.attune.generate;

import dev.attune.error.ConfigException;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Tells where texts end. */
final class Stopping {
    private final Set<Integer> eos;
    private final @Nullable StopStrings strings;
    private final double seconds;
    private final long began = System.nanoTime();

    private Stopping(GenerationConfig config, @Nullable StopStrings strings) {
        this.eos = Set.copyOf(config.tokens().eos());
        this.strings = strings;
        this.seconds = GenerationConfig.or(config.arguments().maxTime(), Double.POSITIVE_INFINITY);
    }

    /** For one call: its time begins now. */
    static Stopping of(GenerationConfig config, @Nullable TokenTexts texts) {
        List<String> strings = config.arguments().stopStrings();
        if (strings.isEmpty()) return new Stopping(config, null);
        if (texts == null) throw new ConfigException("stop_strings is given, but nothing tells the texts of tokens.");
        return new Stopping(config, new StopStrings(strings, texts));
    }

    /** Why a text ends with its last token; null if it goes on. */
    @Nullable
    FinishReason reason(History history) {
        if (eos.contains(history.last())) return FinishReason.EOS;
        if (history.length() >= history.maxLength()) return FinishReason.LENGTH;
        if (strings != null && strings.complete(history)) return FinishReason.STOP_STRING;
        return (System.nanoTime() - began) * 1e-9 > seconds ? FinishReason.TIME : null;
    }
}
