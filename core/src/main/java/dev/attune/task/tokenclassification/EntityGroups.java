package dev.attune.task.tokenclassification;

import dev.attune.task.tokenclassification.TokenAnswers.Aggregation;
import dev.attune.text.Tokenizer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** From the scores of tokens to entities, step by step as the Hugging Face pipeline. */
final class EntityGroups {
    /**
     * A token, or several that have become one.
     *
     * @param token as it stands in the vocabulary
     * @param start in UTF-16 units of the text
     * @param continues whether it continues a word
     */
    record Piece(String token, double[] scores, int start, int end, int index, boolean continues) {}

    private record Tagged(String tag, double score, String word, int start, int end, int index) {}

    private final Tokenizer tokenizer;
    private final List<String> labels;
    private final TokenAnswers asked;
    private final TagScheme scheme;

    EntityGroups(Tokenizer tokenizer, List<String> labels, TokenAnswers asked) {
        this.tokenizer = tokenizer;
        this.labels = labels;
        this.asked = asked;
        this.scheme = TagScheme.of(List.of(labels));
    }

    /** The entities of one window. */
    List<Entity> of(String text, List<Piece> pieces) {
        boolean each =
                asked.aggregationStrategy() == Aggregation.NONE || asked.aggregationStrategy() == Aggregation.SIMPLE;
        List<Tagged> tagged = each ? pieces.stream().map(this::best).toList() : words(pieces, text);
        List<Entity> entities = new ArrayList<>();
        if (asked.aggregationStrategy() == Aggregation.NONE) {
            for (Tagged one : tagged)
                entities.add(entity(text, one.tag, one.score, one.index, one.word, one.start, one.end));
        } else {
            for (List<Tagged> group : groups(tagged)) entities.add(group(text, group));
        }
        entities.removeIf(entity -> asked.ignoreLabels().contains(entity.label()));
        return entities;
    }

    private Tagged best(Piece piece) {
        int best = best(piece.scores);
        return new Tagged(labels.get(best), piece.scores[best], piece.token, piece.start, piece.end, piece.index);
    }

    private static int best(double[] scores) {
        int best = 0;
        for (int k = 1; k < scores.length; k++) if (scores[k] > scores[best]) best = k;
        return best;
    }

    private List<Tagged> words(List<Piece> pieces, String text) {
        List<Tagged> words = new ArrayList<>();
        List<Piece> word = new ArrayList<>();
        for (Piece piece : pieces) {
            if (!word.isEmpty() && !piece.continues) {
                words.add(word(word, text));
                word.clear();
            }
            word.add(piece);
        }
        if (!word.isEmpty()) words.add(word(word, text));
        return words;
    }

    private Tagged word(List<Piece> pieces, String text) {
        double[] scores = switch (asked.aggregationStrategy()) {
            case AVERAGE -> {
                double[] sums = new double[labels.size()];
                for (Piece piece : pieces) for (int k = 0; k < sums.length; k++) sums[k] += piece.scores[k];
                yield Arrays.stream(sums).map(sum -> sum / pieces.size()).toArray();
            }
            case MAX -> {
                double[] highest = pieces.get(0).scores;
                for (Piece piece : pieces)
                    if (piece.scores[best(piece.scores)] > highest[best(highest)]) highest = piece.scores;
                yield highest;
            }
            default -> pieces.get(0).scores;
        };
        int best = best(scores);
        int start = pieces.get(0).start;
        int end = pieces.get(pieces.size() - 1).end;
        String word = join(pieces.stream().map(Piece::token).toList(), text, start, end);
        return new Tagged(labels.get(best), scores[best], word, start, end, -1);
    }

    private String join(List<String> tokens, String text, int start, int end) {
        return tokenizer.subwordPrefix().isEmpty() ? text.substring(start, end) : tokenizer.join(tokens);
    }

    /** The reference knows B and I alone and cuts an entity before its E; here letters of ends mean what they say. */
    private List<List<Tagged>> groups(List<Tagged> tagged) {
        TagScheme read = scheme.marksEnds() ? scheme : TagScheme.BIO;
        List<List<Tagged>> groups = new ArrayList<>();
        String before = null;
        for (Tagged one : tagged) {
            char letter = read.letter(one.tag);
            boolean begins = letter == 'B' || letter == 'S';
            String type = letter == 'O' ? one.tag : one.tag.substring(2);
            if (begins || !type.equals(before)) groups.add(new ArrayList<>());
            groups.get(groups.size() - 1).add(one);
            before = letter == 'E' || letter == 'S' ? null : type;
        }
        return groups;
    }

    private Entity group(String text, List<Tagged> group) {
        String tag = group.get(0).tag;
        int start = group.get(0).start;
        int end = group.get(group.size() - 1).end;
        double score = group.stream().mapToDouble(Tagged::score).average().orElseThrow();
        String word = join(group.stream().map(Tagged::word).toList(), text, start, end);
        return entity(text, tag.substring(tag.indexOf('-') + 1), score, null, word, start, end);
    }

    private static Entity entity(
            String text, String label, double score, @Nullable Integer index, String word, int start, int end) {
        int from = text.codePointCount(0, start);
        return new Entity(label, score, index, word, from, from + text.codePointCount(start, end), start, end);
    }

    /** Of entities of several windows that overlap the longest, then the surest. */
    static List<Entity> merged(List<Entity> entities) {
        List<Entity> sorted = new ArrayList<>(entities);
        sorted.sort(Comparator.comparingInt(Entity::start));
        List<Entity> merged = new ArrayList<>();
        Entity before = null;
        for (Entity entity : sorted) {
            if (before != null && before.start() <= entity.start() && entity.start() < before.end()) {
                int longer = Integer.compare(entity.end() - entity.start(), before.end() - before.start());
                if (longer > 0 || longer == 0 && entity.score() > before.score()) before = entity;
            } else {
                if (before != null) merged.add(before);
                before = entity;
            }
        }
        if (before != null) merged.add(before);
        return merged;
    }
}
