package io.sampo.node.maintenance;

import com.google.protobuf.UnsafeByteOperations;
import io.sampo.persistence.snapshot.BboltLayout;
import io.sampo.persistence.snapshot.BboltWriter;
import io.sampo.persistence.snapshot.SnapshotImage;
import io.sampo.protocol.etcdserverpb.SnapshotResponse;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Iterator;
import java.util.NoSuchElementException;

/**
 * The messages of one snapshot stream, made one by one as the client takes them: a bbolt file in
 * pieces of at most 32 KiB, then its SHA-256. Nothing is kept but the immutable state itself.
 */
final class SnapshotMessages implements Iterator<SnapshotResponse> {
  private final String storageVersion;
  private final BboltWriter pieces;
  private final MessageDigest digest = sha256();
  private long remainingBytes;
  private boolean done;

  SnapshotMessages(SnapshotImage image, String storageVersion) {
    BboltLayout layout = BboltLayout.plan(image);
    this.storageVersion = storageVersion;
    this.pieces = layout.writer();
    this.remainingBytes = layout.totalBytes();
  }

  @Override
  public boolean hasNext() {
    return !done;
  }

  @Override
  public SnapshotResponse next() {
    if (done) {
      throw new NoSuchElementException();
    }
    byte[] blob;
    if (pieces.hasNext()) {
      blob = pieces.next();
      digest.update(blob);
      remainingBytes -= blob.length;
    } else {
      blob = digest.digest();
      done = true;
    }
    return SnapshotResponse.newBuilder()
        .setRemainingBytes(remainingBytes)
        .setBlob(UnsafeByteOperations.unsafeWrap(blob))
        .setVersion(storageVersion)
        .build();
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
