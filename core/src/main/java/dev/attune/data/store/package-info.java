/**
 * Where rows and examples lie, and how long. {@link dev.attune.data.store.Cell} and {@link dev.attune.data.store.ByteWriter}
 * give a value its bytes, {@link dev.attune.data.store.RecordWriter} puts records one after the other, in the heap while they
 * are few and in a mapped file when they are many, and {@link dev.attune.data.store.CacheFolder} keeps such files for the next
 * run: bounded, shared by processes, checked before they are believed. For {@code data} only; users see {@code DataCache}.
 */
@org.jspecify.annotations.NullMarked
package dev.attune.data.store;
