package dev.attune.metric;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Gives words numbers, equal words equal ones, so that texts can be compared without looking at letters again. */
final class Symbols {
    private final Map<String, Integer> numbers = new HashMap<>();

    /** From 0, in the order in which words were first met. */
    int[] of(List<String> words) {
        int[] symbols = new int[words.size()];
        for (int i = 0; i < symbols.length; i++) {
            Integer number = numbers.putIfAbsent(words.get(i), numbers.size());
            symbols[i] = number == null ? numbers.size() - 1 : number;
        }
        return symbols;
    }

    /** How many different words there were. */
    int size() {
        return numbers.size();
    }
}
