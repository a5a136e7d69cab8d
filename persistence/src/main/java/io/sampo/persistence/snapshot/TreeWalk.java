package io.sampo.persistence.snapshot;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.BitSet;

/**
 * One walk over the B+tree of one bucket. A page may be met once only and a tree is at most {@value
 * #MAX_DEPTH} levels high, so a walk over garbage ends.
 */
final class TreeWalk {
  private static final int MAX_DEPTH = 64;

  /** Takes a leaf's element. */
  interface LeafVisitor {
    void accept(PageView leaf, int position, byte[] key) throws IOException;
  }

  private final PageFile file;
  private final LeafVisitor visitor;
  private final BitSet visited = new BitSet();
  private byte[] lastKey;

  TreeWalk(PageFile file, LeafVisitor visitor) {
    this.file = file;
    this.visitor = visitor;
  }

  void walk(long rootPage) throws IOException {
    walk(rootPage, null, null, 0);
  }

  /** Walks the page that stands inside a bucket's value, behind the bucket header. */
  void walkInline(byte[] bucketValue) throws IOException {
    ByteBuffer bytes =
        ByteBuffer.wrap(bucketValue)
            .slice(
                BboltFormat.BUCKET_HEADER_BYTES,
                bucketValue.length - BboltFormat.BUCKET_HEADER_BYTES)
            .order(ByteOrder.LITTLE_ENDIAN);
    if (bytes.limit() < BboltFormat.PAGE_HEADER_BYTES) {
      throw damaged("an inline bucket has no page");
    }
    PageView page = PageView.of(file.path(), 0, bytes);
    if (!page.isLeaf()) {
      throw damaged("an inline bucket has a branch page");
    }
    walkLeaf(page, 0, null, null);
  }

  private void walk(long id, byte[] lowest, byte[] above, int depth) throws IOException {
    ByteBuffer bytes = file.page(id);
    int first = (int) id;
    int end = first + bytes.limit() / file.meta().pageBytes();
    int taken = visited.nextSetBit(first);
    if (taken >= 0 && taken < end) {
      throw damaged("page " + taken + " has two parents");
    }
    visited.set(first, end);
    PageView page = PageView.of(file.path(), id, bytes);
    if (page.isLeaf()) {
      walkLeaf(page, id, lowest, above);
    } else {
      walkBranch(page, id, lowest, above, depth);
    }
  }

  private void walkBranch(PageView branch, long id, byte[] lowest, byte[] above, int depth)
      throws IOException {
    if (depth == MAX_DEPTH) {
      throw damaged("its tree is higher than " + MAX_DEPTH + " levels at page " + id);
    }
    byte[] key = branch.key(0);
    if (lowest != null && Arrays.compareUnsigned(lowest, key) > 0) {
      throw damaged("branch page " + id + ": its first key belongs to the page before");
    }
    for (int i = 0; i < branch.count(); i++) {
      byte[] next = i + 1 < branch.count() ? branch.key(i + 1) : above;
      if (next != null && Arrays.compareUnsigned(key, next) >= 0) {
        throw damaged("branch page " + id + ": keys do not ascend at element " + i);
      }
      walk(branch.child(i), key, next, depth + 1);
      key = next;
    }
  }

  private void walkLeaf(PageView leaf, long id, byte[] lowest, byte[] above) throws IOException {
    for (int i = 0; i < leaf.count(); i++) {
      byte[] key = leaf.key(i);
      boolean ascends = lastKey == null || Arrays.compareUnsigned(lastKey, key) < 0;
      boolean withinParent = i > 0 || lowest == null || Arrays.compareUnsigned(lowest, key) <= 0;
      if (!ascends || !withinParent) {
        throw damaged("page " + id + ": keys do not ascend at element " + i);
      }
      lastKey = key;
      visitor.accept(leaf, i, key);
    }
    if (leaf.count() > 0 && above != null && Arrays.compareUnsigned(lastKey, above) >= 0) {
      throw damaged("page " + id + ": its last key belongs to the next page");
    }
  }

  private SnapshotFormatException damaged(String problem) {
    return new SnapshotFormatException(file.path(), problem);
  }
}
