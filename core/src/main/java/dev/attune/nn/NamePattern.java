package dev.attune.nn;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Names of modules and parameters: {@code encoder.layer[:10].attention}, {@code *.bias}. A module's name stands for all that is
 * in it. {@code *} is any text and {@code ?} any character, dots included; brackets choose among modules that are numbered.
 */
public final class NamePattern {
    private final List<Token> tokens;

    private NamePattern(List<Token> tokens) {
        this.tokens = tokens;
    }

    private enum Kind {
        CHARACTER,
        ANY_CHARACTER,
        ANY_TEXT,
        NUMBERED
    }

    private record Token(
            Kind kind, char character, @Nullable Indices indices) {}

    /** @return null if brackets are not closed, or hold something else than numbers and slices */
    public static @Nullable NamePattern parse(String text) {
        List<Token> tokens = new ArrayList<>();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == ']') return null;
            if (c == '*') {
                // Two in a row mean what one means, and would only be tried in more ways.
                boolean again = !tokens.isEmpty() && tokens.get(tokens.size() - 1).kind == Kind.ANY_TEXT;
                if (!again) tokens.add(new Token(Kind.ANY_TEXT, c, null));
            } else if (c == '[') {
                int end = text.indexOf(']', i);
                Indices indices = end < 0 ? null : Indices.parse(text.substring(i + 1, end));
                if (indices == null) return null;
                tokens.add(new Token(Kind.NUMBERED, c, indices));
                i = end;
            } else {
                tokens.add(new Token(c == '?' ? Kind.ANY_CHARACTER : Kind.CHARACTER, c, null));
            }
        }
        return new NamePattern(tokens);
    }

    /**
     * Whether this means a parameter, or a module that it is in.
     *
     * @param all names of the parameters of the model, in the form that {@code name} has: they tell how many layers there are
     */
    public boolean matches(String name, Collection<String> all) {
        return new Search(name, all).matches(0, 0);
    }

    /** As {@link #matches}, but what is meant may stand further in the name: {@code layer[0]} for {@code bert.encoder.layer.0}. */
    public boolean isIn(String name, Collection<String> all) {
        Search search = new Search(name, all);
        int at = 0;
        while (!search.matches(0, at)) {
            at = name.indexOf('.', at) + 1;
            if (at == 0) return false;
        }
        return true;
    }

    /** How the tokens may lie on one name. */
    private final class Search {
        private final String name;
        private final Collection<String> all;
        /** Where it was tried in vain, so that a pattern of many stars does not try again. */
        private final boolean[][] failed;

        Search(String name, Collection<String> all) {
            this.name = name;
            this.all = all;
            this.failed = new boolean[tokens.size() + 1][name.length() + 1];
        }

        boolean matches(int token, int at) {
            if (failed[token][at]) return false;
            boolean found = token == tokens.size() ? isEndOfModule(at) : matches(tokens.get(token), token, at);
            failed[token][at] = !found;
            return found;
        }

        private boolean isEndOfModule(int at) {
            return at == name.length() || name.charAt(at) == '.';
        }

        private boolean matches(Token first, int token, int at) {
            boolean hasMore = at < name.length();
            return switch (first.kind) {
                case CHARACTER -> hasMore && name.charAt(at) == first.character && matches(token + 1, at + 1);
                case ANY_CHARACTER -> hasMore && matches(token + 1, at + 1);
                case ANY_TEXT -> matches(token + 1, at) || (hasMore && matches(token, at + 1));
                case NUMBERED -> {
                    int end = endOfNumber(name, at);
                    yield end > 0 && isChosen(first.indices, at, end) && matches(token + 1, end);
                }
            };
        }

        private boolean isChosen(@Nullable Indices indices, int at, int end) {
            return indices != null && indices.selects(number(name, at, end), size(name.substring(0, at)));
        }

        private int size(String list) {
            int size = 0;
            for (String other : all) {
                int end = other.startsWith(list) ? endOfNumber(other, list.length()) : -1;
                if (end > 0) size = Math.max(size, 1 + number(other, list.length(), end));
            }
            return size;
        }
    }

    /** Where {@code .12} at this place ends; -1 if there is no such thing. */
    private static int endOfNumber(String name, int at) {
        if (at >= name.length() || name.charAt(at) != '.') return -1;
        int end = at + 1;
        while (end < name.length() && end < at + 10 && Character.isDigit(name.charAt(end))) end++;
        return end > at + 1 && (end == name.length() || name.charAt(end) == '.') ? end : -1;
    }

    private static int number(String name, int at, int end) {
        return Integer.parseInt(name.substring(at + 1, end));
    }
}
