package dev.attune.nn;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.function.IntFunction;

/** Children named 0, 1, 2, …: the layers of an encoder. */
public final class ModuleList<M extends Module> extends Module implements Iterable<M> {
    private final List<M> items = new ArrayList<>();

    public ModuleList(int size, IntFunction<M> make) {
        for (int i = 0; i < size; i++) items.add(child(Integer.toString(i), make.apply(i)));
    }

    @Override
    public Iterator<M> iterator() {
        return items.iterator();
    }
}
