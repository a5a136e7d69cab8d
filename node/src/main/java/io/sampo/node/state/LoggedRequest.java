package io.sampo.node.state;

import com.google.gson.JsonParseException;
import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.sampo.node.state.membership.ClusterMember;
import io.sampo.node.state.membership.MemberJson;
import io.sampo.protocol.etcdserverpb.InternalRaftRequest;
import io.sampo.protocol.etcdserverpb.Request;
import io.sampo.protocol.membershippb.Attributes;
import io.sampo.protocol.membershippb.ClusterMemberAttrSetRequest;
import io.sampo.protocol.membershippb.ClusterVersionSetRequest;
import io.sampo.protocol.nesting.NestedMessages;
import io.sampo.protocol.raftpb.Entry;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads the request in an entry of the log. Up to 3.5 etcd announced members and the cluster's
 * version by requests to its v2 store; a log that such a version has written still holds them, bare
 * or as field 2 of the usual request.
 */
public final class LoggedRequest {
  /** etcd's field {@code v2}, which 3.7 has taken out. */
  private static final int V2_FIELD = 2;

  private static final Pattern ATTRIBUTES =
      Pattern.compile("/0/members/([0-9a-f]{1,16})/attributes");

  private LoggedRequest() {}

  /**
   * The request; one to the v2 store that concerns no member is a request without content.
   *
   * @throws IllegalStateException if the entry holds something else
   */
  public static InternalRaftRequest of(Entry entry) {
    try {
      return parse(entry.getData());
    } catch (InvalidProtocolBufferException | IllegalArgumentException | JsonParseException e) {
      throw new IllegalStateException(
          "entry " + entry.getIndex() + " of the log is no request of etcd's", e);
    }
  }

  private static InternalRaftRequest parse(ByteString data) throws InvalidProtocolBufferException {
    InternalRaftRequest request;
    try {
      request = NestedMessages.logged(InternalRaftRequest.parser(), data);
    } catch (InvalidProtocolBufferException e) {
      // A path is no range: the bare requests that say something do not get through as usual ones.
      return translated(Request.parseFrom(data));
    }
    if (!request.getUnknownFields().hasField(V2_FIELD)) {
      return request;
    }
    ByteString v2 = request.getUnknownFields().getField(V2_FIELD).getLengthDelimitedList().get(0);
    try {
      return translated(Request.parseFrom(v2));
    } catch (InvalidProtocolBufferException e) {
      return translated(Request.parseFrom(data)); // Its method stands where v2 would.
    }
  }

  private static InternalRaftRequest translated(Request request) {
    InternalRaftRequest.Builder translated =
        InternalRaftRequest.newBuilder().setID(request.getID());
    if (!request.getMethod().equals("PUT")) {
      return translated.build();
    }
    Matcher attributes = ATTRIBUTES.matcher(request.getPath());
    if (attributes.matches()) {
      translated.setClusterMemberAttrSet(
          attributes(Long.parseUnsignedLong(attributes.group(1), 16), request.getVal()));
    } else if (request.getPath().equals("/0/version")) {
      translated.setClusterVersionSet(
          ClusterVersionSetRequest.newBuilder().setVer(request.getVal()));
    }
    return translated.build();
  }

  private static ClusterMemberAttrSetRequest attributes(long id, String json) {
    ClusterMember said = MemberJson.decode(ByteString.copyFromUtf8(json).toByteArray()).member();
    return ClusterMemberAttrSetRequest.newBuilder()
        .setMemberID(id)
        .setMemberAttributes(
            Attributes.newBuilder().setName(said.name()).addAllClientUrls(said.clientUrls()))
        .build();
  }
}
